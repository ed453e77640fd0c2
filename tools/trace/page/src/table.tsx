// The table of operations.

import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import type { Sort } from "./address.ts";
import { outcome_colour } from "./colours.ts";
import { bytes_text, count_text, counted, duration_text, offset_text } from "./format.ts";
import { all_outcomes, type Operation, type Trace } from "./model.ts";
import { step_of, stepped, VirtualList } from "./virtual_list.tsx";
import { column_width, shapes, widest } from "./widths.ts";

interface Column {
  id: string;
  title: string;
  hint: string;
  order: (x: Operation, y: Operation) => number;
  cell: (x: Operation) => ComponentChildren;
  exact?: (x: Operation) => string; // said when the pointer rests on it
  width: number; // of its widest text
  grows?: boolean; // takes what is left, and may be cut
}

const by = (value: (x: Operation) => number) => (x: Operation, y: Operation) => value(x) - value(y);
const by_text = (value: (x: Operation) => string) => (x: Operation, y: Operation) => value(x).localeCompare(value(y));

/** What people ask for first is first: where there is little room, the rest is scrolled to. */
function columns({ operations, begin }: Trace): Column[] {
  const id_length = operations.reduce((most, x) => Math.max(most, x.short_id.length), 0);
  const dot = 14;
  return [
    {
      id: "begin",
      title: "Start, ms",
      hint: "since time zero, the trace's first record",
      order: by(x => x.begin),
      cell: x => offset_text(x.begin - begin),
      width: widest(shapes(operations, x => offset_text(x.begin - begin))),
    },
    {
      id: "name",
      title: "Name",
      hint: "",
      order: by_text(x => x.name),
      cell: x => x.name,
      exact: x => x.name,
      width: 76,
      grows: true,
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
      width: dot + widest(all_outcomes.filter(x => operations.some(y => y.outcome === x))),
    },
    {
      id: "duration",
      title: "Took",
      hint: "at the front; where it was not recorded, at the back",
      order: by(x => x.duration),
      cell: x => duration_text(x.duration),
      exact: x => `${count_text(x.duration)} ns`,
      width: widest(shapes(operations, x => duration_text(x.duration))),
    },
    {
      id: "tickets",
      title: "Tickets",
      hint: "",
      order: by(x => x.tickets),
      cell: x => count_text(x.tickets),
      width: widest(shapes(operations, x => count_text(x.tickets))),
    },
    {
      id: "bytes",
      title: "Payload",
      hint: "bytes of all payloads",
      order: by(x => x.bytes),
      cell: x => bytes_text(x.bytes),
      exact: x => `${count_text(x.bytes)} bytes`,
      width: widest(shapes(operations, x => bytes_text(x.bytes))),
    },
    {
      id: "sides",
      title: "Sides",
      hint: "which sides were recorded",
      order: by_text(x => (x.front ? "f" : "") + (x.back ? "b" : "")),
      cell: x => (x.front && x.back ? "both" : x.front ? "front" : "back"),
      width: widest(["front", "both"]),
    },
    {
      id: "id",
      title: "Operation",
      hint: "the front's part of the id, as much as tells fronts apart, and its own number",
      order: by_text(x => x.id),
      cell: x => <code>{x.short_id}</code>,
      exact: x => x.id,
      width: widest(["0".repeat(id_length)], "12px", "--mono"),
    },
  ];
}

interface Props {
  trace: Trace;
  operations: Operation[];
  selected?: Operation;
  sort: Sort;
  on_sort: (x: Sort) => void;
  on_select: (x: Operation) => void; // by a key
  on_point: (x: Operation) => void;
  on_enter: () => void;
  on_open: (x: Operation) => void;
}

export function Table({ trace, operations, selected, sort, on_sort, on_select, on_point, on_enter, on_open }: Props) {
  const all = useMemo(() => columns(trace).map(x => ({ ...x, width: column_width(x.width, x.title) })), [trace]);
  const sorted = useMemo(() => {
    const order = all.find(x => x.id === sort.column)?.order;
    if (!order || (sort.column === "begin" && !sort.down)) return operations;
    return [...operations].sort(sort.down ? (x, y) => order(y, x) : order);
  }, [operations, sort, all]);
  const position = useMemo(() => (selected ? sorted.indexOf(selected) : -1), [selected, sorted]);
  const on_key = (event: KeyboardEvent) => {
    const step = step_of(event, 12);
    if (sorted.length === 0 || (step === undefined && event.key !== "Enter")) return;
    event.preventDefault();
    if (step !== undefined) on_select(sorted[stepped(position, step, sorted.length)]);
    else if (selected) on_enter();
    else on_select(sorted[0]);
  };
  const turn = (id: string) =>
    on_sort({
      column: id,
      down: sort.column === id ? !sort.down : ["duration", "tickets", "bytes"].includes(id),
    });
  const style = (x: Column) => ({ flex: `${x.grows ? 1 : 0} 0 ${x.width}px` });
  return (
    <section class="operations" aria-label="Operations">
      <VirtualList
        id="operations"
        count={sorted.length}
        row_height={26}
        label={`${counted(sorted.length, "operation")}; arrow keys select, Enter leads to the tickets`}
        empty={trace.operations.length === 0 ? "The trace has no operation." : "No operation is in sight."}
        role="grid"
        shown={position}
        on_key={on_key}
        least_width={all.reduce((sum, x) => sum + x.width, 0)}
        head={all.map(x => (
          <span
            key={x.id}
            class={`cell ${x.id}`}
            role="columnheader"
            style={style(x)}
            aria-sort={sort.column === x.id ? (sort.down ? "descending" : "ascending") : "none"}
          >
            <button title={x.hint} onClick={() => turn(x.id)}>
              {x.title}
              {sort.column === x.id && <span class="arrow">{sort.down ? "\u25be" : "\u25b4"}</span>}
            </button>
          </span>
        ))}
        row={i => {
          const x = sorted[i];
          return (
            <div
              class={`cells operation ${x === selected ? "selected" : ""}`}
              data-id={x.id}
              onClick={() => on_point(x)}
              onDblClick={() => on_open(x)}
            >
              {all.map(column => (
                <span
                  key={column.id}
                  role="gridcell"
                  class={`cell ${column.id}`}
                  style={style(column)}
                  title={column.exact?.(x)}
                >
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
