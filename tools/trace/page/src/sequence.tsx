// An operation's sequence diagram. A row for each ticket, however many there are: only those in sight exist.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { duration_text, offset_text, round_text } from "./format.ts";
import type { Operation } from "./model.ts";
import type { Passage } from "./passages.ts";
import { VirtualList } from "./virtual_list.tsx";

const row_height = 40;
const gutter = 92;

export const abortive = (kind: string) =>
  kind.endsWith("failure") || kind === "cancellation" || kind === "expiration" || kind === "refusal";

export function payload_text(x: Passage): string {
  const cut = x.missing === "limit" && x.text !== "" ? "\u2026" : "";
  const more = x.missing === "" || x.missing === "limit" ? cut : ` (${x.missing})`;
  const timeout = x.timeout === undefined ? "" : `timeout ${round_text(x.timeout * 1e9)}`;
  return [timeout, x.text + more].filter(part => part !== "").join("  ");
}

function Annotation({ x, width }: { x: Passage; width: number }) {
  const at_front = x.side === "front";
  return (
    <text class="note" x={at_front ? gutter + 10 : width - gutter - 10} y={24} text-anchor={at_front ? "start" : "end"}>
      {"\u270e"} {x.text}
    </text>
  );
}

function Arrow({ x, width, begin }: { x: Passage; width: number; begin: number }) {
  const left = gutter;
  const right = width - gutter;
  const [from, to] = x.to_back ? [left, right] : [right, left];
  const step = x.to_back ? -1 : 1;
  const known = x.sent !== undefined && x.received !== undefined;
  const label = `${x.sequence_number} ${x.kind}`;
  const what = payload_text(x);
  const room = Math.max(0, Math.floor((right - left - 30) / 6.4) - label.length - 3);
  const shown = what.length > room ? what.slice(0, Math.max(0, room - 1)) + "\u2026" : what;
  const at_front = x.to_back ? x.sent : x.received;
  const at_back = x.to_back ? x.received : x.sent;
  const y = 26;
  return (
    <g class={`arrow ${abortive(x.kind) ? "abortive" : x.to_back ? "to-back" : "to-front"}`}>
      <text class="label" x={(left + right) / 2} y={y - 8} text-anchor="middle">
        <tspan class="kind">{label}</tspan>
        {shown && (
          <tspan class="payload" dx={8}>
            {shown}
          </tspan>
        )}
      </text>
      <line x1={from} y1={y} x2={to + step * 7} y2={y + 4} stroke-dasharray={known ? undefined : "5 4"} />
      <path d={`M${to} ${y + 4} l${step * 9} -4 l0 8 z`} />
      {known && (
        <text class="took" x={(left + right) / 2} y={y + 13} text-anchor="middle">
          {duration_text(x.received! - x.sent!)}
        </text>
      )}
      <text class="time" x={left - 8} y={y + 4} text-anchor="end">
        {at_front === undefined ? "" : offset_text(at_front - begin)}
      </text>
      <text class="time" x={right + 8} y={y + 4}>
        {at_back === undefined ? "" : offset_text(at_back - begin)}
      </text>
    </g>
  );
}

interface Props {
  operation: Operation;
  list: Passage[];
  chosen: number;
  on_choose: (index: number) => void;
}

export function Sequence({ operation, list, chosen, on_choose }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const [width, set_width] = useState(500);
  useLayoutEffect(() => {
    // What the list has beside its scroll bar.
    const observer = new ResizeObserver(() => set_width(element.current!.querySelector(".tall")!.clientWidth));
    observer.observe(element.current!.querySelector(".tall")!);
    return () => observer.disconnect();
  }, []);
  const on_key = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 || list.length === 0) return;
    event.preventDefault();
    on_choose(Math.min(list.length - 1, Math.max(0, chosen + step)));
  };
  const head = (title: string, node: string | undefined, recorded: boolean) => (
    <div class={`lifeline ${recorded ? "" : "unrecorded"}`}>
      <b>{title}</b>
      <span title={node}>{recorded ? node : node ? `${node}, not recorded` : "not recorded"}</span>
    </div>
  );
  return (
    <div class="sequence" ref={element}>
      <div class="lifelines">
        {head("front", operation.front?.node ?? operation.back?.peer, operation.front !== undefined)}
        <span class="muted">ms since the operation began</span>
        {head("back", operation.back?.node ?? operation.front?.peer, operation.back !== undefined)}
      </div>
      <VirtualList
        count={list.length}
        row_height={row_height}
        label={`Sequence diagram of ${list.length} tickets`}
        shown={chosen}
        on_key={on_key}
        row={i => (
          <svg
            class={`passage ${i === chosen ? "chosen" : ""}`}
            width={width}
            height={row_height}
            onClick={() => on_choose(i)}
          >
            <line class="life" x1={gutter} x2={gutter} y1={0} y2={row_height} />
            <line class="life" x1={width - gutter} x2={width - gutter} y1={0} y2={row_height} />
            {list[i].side ? (
              <Annotation x={list[i]} width={width} />
            ) : (
              <Arrow x={list[i]} width={width} begin={operation.begin} />
            )}
          </svg>
        )}
      />
    </div>
  );
}
