// The filter box: words that all have to match.

import { all_outcomes, is_failure, type Operation } from "./model.ts";
import { most_like } from "./suggestion.ts";

export const filter_help: [string, string][] = [
  ["echo", "the name, id, node, outcome, details, trace id or a payload contains it"],
  ['"word count"', "likewise, with spaces or colons"],
  ["-echo", "does not match"],
  ["name: outcome: node: id: trace: payload:", 'only there, such as outcome:expired or payload:"red tea"'],
  ["side:front side:back side:both", "which sides were recorded"],
  [">10ms <=2s", "how long it took"],
  ["tickets>100 bytes>=4096", "how much it carried"],
  ["is:failed is:open is:inferred is:refused is:child is:parent", "what it is"],
];

type Test = (x: Operation) => boolean;
/** What is wrong with a word. */
type Problem = string;

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

const choices: Record<string, Record<string, Test>> = { is: states, side: sides };

/** Payloads are not in Operation.search: a copy of all of them in small letters would double the page's memory. */
function has_payload(text: string): Test {
  const pattern = new RegExp(text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"), "i");
  return x => x.spans.some(span => span.events.some(event => event[4] !== undefined && pattern.test(event[4])));
}

const contains = (values: (x: Operation) => (string | undefined)[]) => (text: string) => (x: Operation) =>
  values(x).some(value => value !== undefined && value.toLowerCase().includes(text));

const fields: Record<string, (text: string) => Test> = {
  name: contains(x => [x.name]),
  outcome: contains(x => x.spans.map(span => span.outcome ?? "not recorded")),
  node: contains(x => x.spans.map(span => span.node)),
  id: contains(x => [x.id, x.short_id]),
  trace: contains(x => x.spans.map(span => span.trace_id)),
  payload: has_payload,
};

const amounts: Record<string, (x: Operation) => number> = {
  duration: x => x.duration,
  tickets: x => x.tickets,
  bytes: x => x.bytes,
};

const signs: Record<string, (x: number, y: number) => boolean> = {
  ">": (x, y) => x > y,
  "<": (x, y) => x < y,
  ">=": (x, y) => x >= y,
  "<=": (x, y) => x <= y,
  "=": (x, y) => x === y,
};

const units: Record<string, number> = { ns: 1, us: 1e3, "\u00b5s": 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** "; did you mean outcome:?", or all that there are. */
function hint(given: string, names: string[], whole: (name: string) => string): string {
  const meant = most_like(given, names);
  return meant === undefined ? `; there are ${names.map(whole).join(", ")}.` : `; did you mean ${whole(meant)}?`;
}

const as_text = (word: string) => `It is passed over; to search for the text, put it in quotes: "${word}"`;

function read_comparison(word: string, name: string, sign: string, text: string): Test | Problem {
  const value = amounts[name];
  if (!value) {
    if (fields[name] || choices[name]) return `${word}: write ${name}:${text || "text"}, with a colon`;
    const meant = hint(name, Object.keys(amounts), x => `${x}${sign}`);
    return `There is nothing to compare that is called ${name}${meant} ${as_text(word)}`;
  }
  const number = /^(\d+(?:\.\d+)?)([a-z\u00b5]*)$/.exec(text);
  const unit = name === "duration" ? units[number?.[2] ?? ""] : number?.[2] === "" ? 1 : undefined;
  if (!number || unit === undefined)
    return name === "duration"
      ? `${word}: expected a duration such as >10ms, >2s or >1m`
      : `${word}: expected a whole number such as ${name}${sign}100`;
  const limit = Number(number[1]) * unit;
  return x => signs[sign](value(x), limit);
}

function read_field(word: string, name: string, text: string, payload_limit: number): Test | Problem {
  const choice = choices[name];
  if (choice) return choice[text] ?? `${word} is unknown${hint(text, Object.keys(choice), x => `${name}:${x}`)}`;
  if (!fields[name]) {
    if (amounts[name]) return `${word}: write ${name}>${text || "100"}, with a sign`;
    const names = [...Object.keys(fields), ...Object.keys(choices)];
    return `There is no field ${name}${hint(name, names, x => `${x}:`)} ${as_text(word)}`;
  }
  if (name === "outcome" && !all_outcomes.some(x => x.includes(text)))
    return `${word}: no operation can have this outcome${hint(text, all_outcomes, x => x)}`;
  if (name === "payload" && payload_limit === 0)
    return `${word}: the page has no payloads; make it with --payload-limit 512`;
  return fields[name](text);
}

export interface Filter {
  matches: Test;
  problem: Problem; // of the first word that is not understood; such words are passed over
  sought: string[]; // texts that payloads may have been found by
}

export function read_filter(text: string, payload_limit: number): Filter {
  const tests: Test[] = [];
  const sought: string[] = [];
  let problem = "";
  for (const whole of text.toLowerCase().match(/-?(?:[a-z_]+:)?"[^"]*"?|\S+/g) ?? []) {
    const negated = whole.length > 1 && whole.startsWith("-");
    const word = negated ? whole.slice(1) : whole;
    const unquoted = word.replaceAll('"', "");
    if (unquoted === "") continue;
    const comparison = /^([a-z_]*)([<>]=?|=)(.*)$/.exec(word);
    const field = /^([a-z_]+):(.*)$/s.exec(unquoted);
    let test: Test | Problem;
    if (comparison && (comparison[1] !== "" || comparison[2] !== "=")) {
      test = read_comparison(word, comparison[1] || "duration", comparison[2], comparison[3]);
    } else if (field && !word.startsWith('"')) {
      test = read_field(word, field[1], field[2], payload_limit);
      if (field[1] === "payload" && field[2] !== "" && !negated) sought.push(field[2]);
    } else {
      const in_payload = has_payload(unquoted);
      test = x => x.search.includes(unquoted) || in_payload(x);
      if (!negated) sought.push(unquoted);
    }
    if (typeof test === "string") problem ||= test;
    else {
      const passes = test;
      tests.push(negated ? x => !passes(x) : passes);
    }
  }
  return { matches: x => tests.every(test => test(x)), problem, sought };
}
