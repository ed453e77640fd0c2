// An operation's sequence diagram. A row for each ticket, however many there are: only those in sight exist.

import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { bytes_text, counted, duration_text, offset_text } from "./format.ts";
import { is_found } from "./marked.tsx";
import { abortive, type Passage, payload_text } from "./passages.ts";
import { choose_by_key, type TicketsProps } from "./tickets.tsx";
import { VirtualList } from "./virtual_list.tsx";
import { shapes, widest } from "./widths.ts";

const row_height = 40;

function Annotation({ x, width, gutter }: { x: Passage; width: number; gutter: number }) {
  const at_front = x.side === "front";
  return (
    <text class="note" x={at_front ? gutter + 10 : width - gutter - 10} y={24} text-anchor={at_front ? "start" : "end"}>
      {x.kind === "consumed" ? `${x.sequence_number} consumed, ${payload_text(x)}` : `\u270e ${x.text}`}
    </text>
  );
}

interface ArrowProps {
  x: Passage;
  width: number;
  gutter: number;
  begin: number;
}

function Arrow({ x, width, gutter, begin }: ArrowProps) {
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

/** What the picture of a ticket shows, in words. */
function told(x: Passage): string {
  if (x.side) return `noted at the ${x.side}: ${x.text}`;
  const way = x.to_back ? "to the back" : "to the front";
  return `${x.sequence_number} ${x.kind} ${way}, ${bytes_text(x.size)} ${payload_text(x)}`;
}

/** As wide as the longest time beside a lifeline. */
function gutter_of(list: Passage[], begin: number): number {
  const times = list.flatMap(x => [x.sent, x.received]).filter(x => x !== undefined);
  return Math.max(60, 16 + widest(shapes(times, x => offset_text(x - begin)), "11px"));
}

export function Sequence(props: TicketsProps) {
  const { operation, list, sought, chosen, on_choose } = props;
  const gutter = useMemo(() => gutter_of(list, operation.begin), [list, operation]);
  const element = useRef<HTMLDivElement>(null);
  const [width, set_width] = useState(500);
  useLayoutEffect(() => {
    // What the list has beside its scroll bar.
    const observer = new ResizeObserver(() => set_width(element.current!.querySelector(".tall")!.clientWidth));
    observer.observe(element.current!.querySelector(".tall")!);
    return () => observer.disconnect();
  }, []);
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
        <span class="muted">ms since it began</span>
        {head("back", operation.back?.node ?? operation.front?.peer, operation.back !== undefined)}
      </div>
      <VirtualList
        id="tickets"
        count={list.length}
        row_height={row_height}
        label={`Sequence diagram of ${counted(list.length, "ticket")}; arrow keys choose one`}
        row_label={i => told(list[i])}
        empty="No ticket of it was recorded."
        role="listbox"
        shown={chosen}
        on_key={event => choose_by_key(event, props)}
        row={i => (
          <svg
            class={`passage ${i === chosen ? "chosen" : ""} ${is_found(list[i].text, sought) ? "found" : ""}`}
            aria-hidden="true"
            width={width}
            height={row_height}
            onClick={() => on_choose(i)}
          >
            <line class="life" x1={gutter} x2={gutter} y1={0} y2={row_height} />
            <line class="life" x1={width - gutter} x2={width - gutter} y1={0} y2={row_height} />
            {list[i].side ? (
              <Annotation x={list[i]} width={width} gutter={gutter} />
            ) : (
              <Arrow x={list[i]} width={width} gutter={gutter} begin={operation.begin} />
            )}
          </svg>
        )}
      />
    </div>
  );
}
