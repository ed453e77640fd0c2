// The trace as `tandem trace html` puts it into the page, and what the page makes of it: operations.

export const outcomes = [
  "completed",
  "cancelled",
  "expired",
  "reception failure",
  "transmission failure",
  "servicer failure",
  "serviced failure",
] as const;
/** How an operation ended, or that nothing tells how. */
export type Outcome = (typeof outcomes)[number] | "not recorded";
export const all_outcomes: Outcome[] = [...outcomes, "not recorded"];

export type Side = "front" | "back";

const kinds = [
  "annotation",
  "commencement",
  "continuation",
  "completion",
  "entire",
  "cancellation",
  "expiration",
  "reception failure",
  "transmission failure",
  "serviced failure",
  "servicer failure",
  "refusal",
  "allowance",
  "13", // no kind of ticket has these numbers
  "14",
  "consumed",
];

/** [after_ns, code, sequence number, size, text, missing, timeout, allowed, took_ns]; html.cpp says what the code is. */
type RawEvent = [number, number, number, number, string?, string?, (number | null)?, (number | null)?, number?];

/** Neither an annotation nor a payload that was consumed. */
const is_ticket = (x: RawEvent) => x[1] !== 0 && kinds[x[1] & 15] !== "consumed";

/** A ticket that passed one side, an annotation, or a payload that was consumed. */
export interface Event {
  at: number; // nanoseconds since the trace began
  kind: string;
  to_back: boolean;
  received: boolean;
  sequence_number: number;
  size: number;
  text: string;
  missing: string;
  timeout?: number;
  allowed?: number; // how many payloads in all it allows
  took?: number; // nanoseconds, of a payload that was consumed
}

/** An operation at one side. Times are nanoseconds, `begin` since the trace began. */
export interface Span {
  id: string;
  side: Side;
  node: string;
  link?: string;
  peer?: string;
  begin: number;
  last: number;
  duration?: number;
  name?: string;
  subscription?: string;
  trace_id?: string;
  parent?: string;
  timeout?: number;
  outcome?: Outcome;
  details?: string;
  refused?: boolean;
  inferred?: boolean;
  events: RawEvent[];
}

/** Something that happened to a link. */
export interface Mark {
  mark: "joined" | "lost" | "dropped" | "interrupted" | "resumed";
  at: number;
  node: string;
  side: Side;
  link: string;
  text: string;
}

/** An operation, with all that was recorded of it. */
export interface Operation {
  id: string;
  short_id: string;
  name: string;
  front?: Span;
  back?: Span;
  spans: Span[];
  begin: number;
  end: number;
  duration: number;
  outcome: Outcome;
  tickets: number;
  bytes: number;
  parent?: string;
  children: Operation[];
  search: string; // everything that a plain word of the filter may match
}

export interface Trace {
  base_ns: bigint;
  files: string[];
  payload_limit: number;
  operations: Operation[]; // by their beginning
  by_id: Map<string, Operation>;
  marks: Mark[];
  tickets: number;
  begin: number; // the least time of all records, which is time zero
  end: number;
  first: string; // the record that is at `begin`; empty if there is none
  left_out: number;
  notes: string[];
}

export const is_failure = (x: Outcome) => x !== "completed" && x !== "not recorded";

export function events_of(span: Span): Event[] {
  return span.events.map(([after, code, sequence_number, size, text = "", missing = "", timeout, allowed, took]) => ({
    at: span.begin + after,
    kind: kinds[code & 15],
    to_back: (code & 16) !== 0,
    received: (code & 32) !== 0,
    sequence_number,
    size,
    text,
    missing,
    timeout: timeout ?? undefined,
    allowed: allowed ?? undefined,
    took,
  }));
}

/** When tickets passed, without making events of them: the timeline asks for many. */
export const event_times = (span: Span): number[] => span.events.map(x => span.begin + x[0]);

/** "3f2a.100": as much of the front's random half as tells fronts apart, and the front's own number. */
function short_ids(ids: string[]): (id: string) => string {
  const fronts = new Set(ids.map(x => x.slice(0, 16)));
  let digits = 4;
  while (digits < 16 && new Set([...fronts].map(x => x.slice(0, digits))).size < fronts.size) ++digits;
  return id => `${id.slice(0, digits)}.${id.slice(16).replace(/^0+(?=.)/, "")}`;
}

/** When the first of a span's records was: not always `begin`, if clocks were set or lines moved. */
const first_of = (span: Span) => span.events.reduce((least, x) => Math.min(least, span.begin + x[0]), span.begin);

function make_operation(id: string, short_id: string, spans: Span[]): Operation {
  spans.sort((x, y) => y.side.localeCompare(x.side)); // the front first
  const front = spans.find(x => x.side === "front");
  const back = spans.find(x => x.side === "back");
  const name = spans.find(x => x.name !== undefined)?.name ?? "(unknown)";
  const length = (x: Span) => x.duration ?? x.last;
  const count = (x: Span) => x.events.reduce((sum, event) => sum + (is_ticket(event) ? 1 : 0), 0);
  const bytes = (x: Span) => x.events.reduce((sum, event) => sum + event[3], 0);
  const begin = Math.min(...spans.map(first_of));
  const main = front ?? back ?? spans[0];
  const outcome = front?.outcome ?? back?.outcome ?? "not recorded";
  return {
    id,
    short_id,
    name,
    front,
    back,
    spans,
    begin,
    end: Math.max(...spans.map(x => x.begin + length(x))),
    duration: length(main),
    outcome,
    tickets: Math.max(...spans.map(count)), // what both sides recorded is the same tickets
    bytes: Math.max(...spans.map(bytes)),
    parent: spans.find(x => x.parent !== undefined)?.parent,
    children: [],
    search: [name, id, short_id, outcome, ...spans.flatMap(x => [x.node, x.trace_id, x.details, x.outcome])]
      .join("\n")
      .toLowerCase(),
  };
}

function set_times(trace: Trace) {
  let begin = Infinity;
  let end = -Infinity;
  let first = () => "";
  for (const x of trace.marks) {
    if (x.at < begin) [begin, first] = [x.at, () => `link ${x.link} ${x.mark} at ${x.node}`];
    end = Math.max(end, x.at);
  }
  for (const x of trace.operations) {
    for (const span of x.spans) {
      const at = first_of(span);
      if (at < begin) [begin, first] = [at, () => `${x.name} ${x.short_id} at the ${span.side}, ${span.node}`];
    }
    end = Math.max(end, x.end);
  }
  trace.begin = Number.isFinite(begin) ? begin : 0;
  trace.end = end > trace.begin ? end : trace.begin + 1e6; // nothing can be drawn of no time
  trace.first = first();
}

/** Reads the lines that html.cpp wrote. */
export function read_trace(text: string): Trace {
  const lines = JSON.parse("[" + text.trim().split("\n").join(",") + "]");
  const spans = new Map<string, Span[]>();
  const trace: Trace = {
    base_ns: 0n,
    files: [],
    payload_limit: 0,
    operations: [],
    by_id: new Map(),
    marks: [],
    tickets: 0,
    begin: 0,
    end: 0,
    first: "",
    left_out: 0,
    notes: [],
  };
  let earliest = 0;
  for (const x of lines) {
    if (x.id !== undefined) {
      const same = spans.get(x.id);
      if (same) same.push(x);
      else spans.set(x.id, [x]);
    } else if (x.mark !== undefined) {
      trace.marks.push(x);
    } else if (x.format !== undefined) {
      trace.base_ns = BigInt(x.base_ns);
      trace.files = x.files;
      trace.payload_limit = x.payload_limit;
    } else if (x.notes !== undefined) {
      earliest = x.earliest;
      trace.left_out = x.left_out;
      trace.notes = x.notes.split("\n").filter((line: string) => line !== "");
    }
  }
  // Lines count from the first record; zero is the earliest one, which is another if a clock jumped back.
  trace.base_ns += BigInt(earliest);
  for (const of of spans.values()) for (const x of of) x.begin -= earliest;
  for (const x of trace.marks) x.at -= earliest;
  const short = short_ids([...spans.keys()]);
  for (const [id, of] of spans) {
    const made = make_operation(id, short(id), of);
    trace.operations.push(made);
    trace.by_id.set(id, made);
    trace.tickets += made.tickets;
  }
  trace.operations.sort((x, y) => x.begin - y.begin);
  for (const x of trace.operations) if (x.parent) trace.by_id.get(x.parent)?.children.push(x);
  set_times(trace);
  return trace;
}
