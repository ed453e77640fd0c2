// The filter box: words that all have to match.

import { is_failure, type Operation } from "./model.ts";

export const filter_help: [string, string][] = [
  ["echo", "the name, id, node, outcome, details or trace id contains it"],
  ['"word count"', "likewise, with spaces"],
  ["-echo", "does not match"],
  ["name: outcome: node: id: trace:", 'only there, such as outcome:expired or name:"word count"'],
  ["side:front side:back side:both", "which sides were recorded"],
  [">10ms <2s", "how long it took"],
  ["tickets>100 bytes>4096", "how much it carried"],
  ["is:failed is:open is:inferred is:refused is:child is:parent", "what it is"],
];

type Test = (x: Operation) => boolean;

const units: Record<string, number> = { ns: 1, us: 1e3, "\u00b5s": 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

function compare(sign: string, limit: number, value: (x: Operation) => number): Test {
  return sign === ">" ? x => value(x) > limit : x => value(x) < limit;
}

const states: Record<string, Test> = {
  failed: x => is_failure(x.outcome),
  open: x => x.outcome === "not recorded",
  inferred: x => x.spans.some(span => span.inferred),
  refused: x => x.spans.some(span => span.refused),
  child: x => x.parent !== undefined,
  parent: x => x.children.length > 0,
};

const sides: Record<string, Test> = {
  front: x => x.front !== undefined,
  back: x => x.back !== undefined,
  both: x => x.front !== undefined && x.back !== undefined,
};

const fields: Record<string, (x: Operation, text: string) => boolean> = {
  name: (x, text) => x.name.toLowerCase().includes(text),
  outcome: (x, text) => x.spans.some(span => (span.outcome ?? "not recorded").includes(text)),
  node: (x, text) => x.spans.some(span => span.node.toLowerCase().includes(text)),
  id: (x, text) => x.id.includes(text) || x.short_id.includes(text),
  trace: (x, text) => x.spans.some(span => span.trace_id?.includes(text) ?? false),
};

/** What one word asks for, or what is wrong with it. */
function read_word(word: string): Test | string {
  const duration = /^([<>])(\d+(?:\.\d+)?)([a-z\u00b5]+)$/.exec(word);
  if (duration) {
    const unit = units[duration[3]];
    if (unit === undefined) return `${word}: expected a duration such as >10ms, >2s or >1m`;
    return compare(duration[1], Number(duration[2]) * unit, x => x.duration);
  }
  const amount = /^(tickets|bytes)([<>])(\d+)$/.exec(word);
  if (amount) {
    const of_bytes = amount[1] === "bytes";
    return compare(amount[2], Number(amount[3]), x => (of_bytes ? x.bytes : x.tickets));
  }
  const field = /^([a-z]+):(.*)$/s.exec(word);
  if (field) {
    const [, name, text] = field;
    const choice = name === "is" ? states : name === "side" ? sides : undefined;
    if (choice)
      return (
        choice[text] ??
        `${word}: expected ${Object.keys(choice)
          .map(x => `${name}:${x}`)
          .join(", ")}`
      );
    const matches = fields[name];
    if (matches) return x => matches(x, text);
  }
  return x => x.search.includes(word);
}

export interface Filter {
  matches: Test;
  problem: string; // what is wrong with it; such words are passed over
}

export function read_filter(text: string): Filter {
  const tests: Test[] = [];
  let problem = "";
  const words = text.toLowerCase().match(/-?(?:[a-z]+:)?"[^"]*"?|\S+/g) ?? [];
  for (const quoted of words) {
    const negated = quoted.length > 1 && quoted.startsWith("-");
    const word = (negated ? quoted.slice(1) : quoted).replaceAll('"', "");
    if (word === "") continue;
    const test = read_word(word);
    if (typeof test === "string") problem ||= test;
    else tests.push(negated ? x => !test(x) : test);
  }
  return { matches: x => tests.every(test => test(x)), problem };
}
