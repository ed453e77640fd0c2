// Where each operation lies in the timeline: in the first lane that is free when it begins.

import type { Operation } from "./model.ts";

/** The lanes, each with its operations by their beginning. */
export function lay_out(operations: Operation[]): Operation[][] {
  const lanes: Operation[][] = [];
  // A heap of the lanes that are taken, the one that is free first on top; and those that are free, lowest first.
  const taken: { end: number; lane: number }[] = [];
  const free: number[] = [];
  for (const x of operations) {
    while (taken.length > 0 && taken[0].end <= x.begin) push(free, pop(taken, by_end)!.lane, by_number);
    const lane = free.length > 0 ? pop(free, by_number)! : lanes.length;
    if (lane === lanes.length) lanes.push([]);
    lanes[lane].push(x);
    push(taken, { end: x.end, lane }, by_end);
  }
  return lanes;
}

const by_end = (x: { end: number }, y: { end: number }) => x.end - y.end;
const by_number = (x: number, y: number) => x - y;

function push<T>(heap: T[], x: T, order: (x: T, y: T) => number) {
  let at = heap.push(x) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (order(heap[above], heap[at]) <= 0) break;
    [heap[above], heap[at]] = [heap[at], heap[above]];
    at = above;
  }
}

function pop<T>(heap: T[], order: (x: T, y: T) => number): T | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return top;
  heap[0] = last;
  for (let at = 0; ;) {
    let least = at;
    for (const below of [2 * at + 1, 2 * at + 2])
      if (below < heap.length && order(heap[below], heap[least]) < 0) least = below;
    if (least === at) return top;
    [heap[least], heap[at]] = [heap[at], heap[least]];
    at = least;
  }
}

/** The first of a lane's operations that ends after `time`; they do not overlap. */
export function first_after(lane: Operation[], time: number): number {
  let low = 0;
  let high = lane.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (lane[middle].end < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
