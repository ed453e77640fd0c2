// The table of operations.

import type { ComponentChildren } from "preact";
import { useMemo, useRef, useState } from "preact/hooks";
import { outcome_colour } from "./colours.ts";
import { bytes_text, count_text, counted, duration_text, offset_text } from "./format.ts";
import type { Operation, Trace } from "./model.ts";
import { VirtualList } from "./virtual_list.tsx";

interface Column {
  id: string;
  title: string;
  hint: string;
  order: (x: Operation, y: Operation) => number;
  cell: (x: Operation) => ComponentChildren;
}

const by = (value: (x: Operation) => number) => (x: Operation, y: Operation) => value(x) - value(y);
const by_text = (value: (x: Operation) => string) => (x: Operation, y: Operation) => value(x).localeCompare(value(y));

const columns = (begin: number): Column[] => [
  {
    id: "begin",
    title: "Start, ms",
    hint: "since the trace began",
    order: by(x => x.begin),
    cell: x => offset_text(x.begin - begin),
  },
  { id: "name", title: "Name", hint: "", order: by_text(x => x.name), cell: x => x.name },
  {
    id: "id",
    title: "Operation",
    hint: "the front's part of the id, as much as tells fronts apart, and its own number",
    order: by_text(x => x.id),
    cell: x => <code>{x.short_id}</code>,
  },
  {
    id: "outcome",
    title: "Outcome",
    hint: "at the front; where it was not recorded, at the back",
    order: by_text(x => x.outcome),
    cell: x => (
      <>
        <i class="dot" style={{ background: outcome_colour(x.outcome) }} />
        {x.outcome}
      </>
    ),
  },
  {
    id: "duration",
    title: "Took",
    hint: "at the front; where it was not recorded, at the back",
    order: by(x => x.duration),
    cell: x => duration_text(x.duration),
  },
  { id: "tickets", title: "Tickets", hint: "", order: by(x => x.tickets), cell: x => count_text(x.tickets) },
  {
    id: "bytes",
    title: "Payload",
    hint: "bytes of all payloads",
    order: by(x => x.bytes),
    cell: x => bytes_text(x.bytes),
  },
  {
    id: "sides",
    title: "Sides",
    hint: "which sides were recorded",
    order: by_text(x => (x.front ? "f" : "") + (x.back ? "b" : "")),
    cell: x => (x.front && x.back ? "both" : x.front ? "front" : "back"),
  },
];

interface Props {
  trace: Trace;
  operations: Operation[];
  selected?: Operation;
  on_select: (x: Operation) => void;
  on_open: (x: Operation) => void;
}

export function Table({ trace, operations, selected, on_select, on_open }: Props) {
  const [sort, set_sort] = useState({ column: "begin", down: false });
  const all = useMemo(() => columns(trace.begin), [trace]);
  const sorted = useMemo(() => {
    if (sort.column === "begin" && !sort.down) return operations;
    const order = all.find(x => x.id === sort.column)!.order;
    return [...operations].sort(sort.down ? (x, y) => order(y, x) : order);
  }, [operations, sort, all]);
  const position = useMemo(() => (selected ? sorted.indexOf(selected) : -1), [selected, sorted]);
  const page = useRef(12);
  const on_key = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowDown: 1,
      j: 1,
      ArrowUp: -1,
      k: -1,
      PageDown: page.current,
      PageUp: -page.current,
      Home: -Infinity,
      End: Infinity,
    };
    const step = steps[event.key];
    if (step !== undefined && sorted.length > 0 && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const to = position < 0 && Number.isFinite(step) ? 0 : position + step;
      on_select(sorted[Math.min(sorted.length - 1, Math.max(0, to))]);
    } else if (event.key === "Enter" && selected) {
      on_open(selected);
    }
  };
  const turn = (id: string) =>
    set_sort(now => ({
      column: id,
      down: now.column === id ? !now.down : ["duration", "tickets", "bytes"].includes(id),
    }));
  return (
    <section class="operations" aria-label="Operations">
      <div class="head cells">
        {all.map(x => (
          <button
            key={x.id}
            class={`cell ${x.id}`}
            title={x.hint}
            onClick={() => turn(x.id)}
            aria-pressed={sort.column === x.id}
          >
            {x.title}
            {sort.column === x.id ? (sort.down ? " \u25be" : " \u25b4") : ""}
          </button>
        ))}
      </div>
      <VirtualList
        count={sorted.length}
        row_height={26}
        label={counted(sorted.length, "operation")}
        role="listbox"
        shown={position}
        on_key={on_key}
        row={i => {
          const x = sorted[i];
          return (
            <div
              class={`cells operation ${x === selected ? "selected" : ""}`}
              role="option"
              aria-selected={x === selected}
              data-id={x.id}
              onClick={() => on_select(x)}
              onDblClick={() => on_open(x)}
            >
              {all.map(column => (
                <span key={column.id} class={`cell ${column.id}`} title={column.id === "name" ? x.name : undefined}>
                  {column.cell(x)}
                </span>
              ))}
            </div>
          );
        }}
      />
    </section>
  );
}
