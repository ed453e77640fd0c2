// What crossed between the two sides of an operation: each ticket once, with what both sides recorded of it.

import { duration_text, round_text } from "./format.ts";
import { events_of, type Event, type Operation, type Side } from "./model.ts";

export interface Passage {
  kind: string;
  to_back: boolean;
  sequence_number: number;
  size: number;
  text: string;
  missing: string;
  timeout?: number;
  allowed?: number;
  took?: number;
  sent?: number; // when; nothing: the sender's side was not recorded
  received?: number;
  side?: Side; // of what happened at one side: an annotation, a payload that was consumed
  order: number;
}

export const abortive = (kind: string) =>
  kind.endsWith("failure") || kind === "cancellation" || kind === "expiration" || kind === "refusal";

/** JSON's numbers lose the last digits of 2^63-1, which stands for any number. */
const allowance_text = (allowed: number) => (allowed >= 2 ** 63 - 1024 ? "allows any number" : `allows ${allowed} in all`);

export function payload_text(x: Passage): string {
  const cut = x.missing === "limit" && x.text !== "" ? "\u2026" : "";
  const more = x.missing === "" || x.missing === "limit" ? cut : ` (${x.missing})`;
  const timeout = x.timeout === undefined ? "" : `timeout ${round_text(x.timeout * 1e9)}`;
  const allows = x.allowed === undefined ? "" : allowance_text(x.allowed);
  const took = x.took === undefined ? "" : `took ${duration_text(x.took)}`;
  return [timeout, allows, took, x.text + more].filter(part => part !== "").join("  ");
}

export interface Passages {
  list: Passage[];
  /** How far the back's clock is ahead of the front's, as far as tickets that arrive before they were sent prove it. */
  skew: number;
}

const key_of = (x: Event) => `${x.to_back ? ">" : "<"}${x.sequence_number} ${x.kind}`;

/** Half of what the quickest tickets of the two directions differ by, if the clocks cannot both be right. */
function skew_of(list: Passage[]): number {
  let to_back = Infinity;
  let to_front = Infinity;
  for (const x of list) {
    if (x.sent === undefined || x.received === undefined) continue;
    const took = x.received - x.sent;
    if (x.to_back) to_back = Math.min(to_back, took);
    else to_front = Math.min(to_front, took);
  }
  if (to_back >= 0 && to_front >= 0) return 0;
  if (!Number.isFinite(to_back)) return -to_front;
  if (!Number.isFinite(to_front)) return to_back;
  return (to_back - to_front) / 2;
}

export function passages_of(operation: Operation): Passages {
  const list: Passage[] = [];
  const open = new Map<string, Passage[]>(); // recorded at one side only, so far
  for (const span of operation.spans) {
    for (const x of events_of(span)) {
      if (x.kind === "annotation" || x.kind === "consumed") {
        list.push({ ...x, side: span.side, sent: x.at, received: undefined, order: x.at });
        continue;
      }
      const key = key_of(x);
      const waiting = open.get(key)?.find(y => (x.received ? y.received : y.sent) === undefined);
      const passage: Passage = waiting ?? {
        kind: x.kind,
        to_back: x.to_back,
        sequence_number: x.sequence_number,
        size: x.size,
        text: x.text,
        missing: x.missing,
        timeout: x.timeout,
        allowed: x.allowed,
        order: x.at,
      };
      if (x.received) passage.received = x.at;
      else passage.sent = x.at;
      if (waiting) continue;
      list.push(passage);
      const same = open.get(key);
      if (same) same.push(passage);
      else open.set(key, [passage]);
    }
  }
  const skew = skew_of(list);
  for (const x of list) {
    const at_back = (x.side ?? (x.to_back ? "front" : "back")) === "back";
    if (x.sent !== undefined && at_back) x.sent -= skew;
    if (x.received !== undefined && x.to_back) x.received -= skew;
    x.order = x.sent ?? x.received ?? 0;
  }
  list.sort((x, y) => x.order - y.order);
  return { list, skew };
}
