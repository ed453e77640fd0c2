// An operation's tickets as a list.

import { useMemo } from "preact/hooks";
import { bytes_text, counted, duration_text, offset_text } from "./format.ts";
import { is_found, Marked } from "./marked.tsx";
import type { Operation } from "./model.ts";
import { abortive, type Passage, payload_text } from "./passages.ts";
import { step_of, stepped, VirtualList } from "./virtual_list.tsx";
import { column_width, shapes, widest } from "./widths.ts";

export interface TicketsProps {
  operation: Operation;
  list: Passage[];
  sought: string[];
  chosen: number;
  on_choose: (index: number) => void;
}

const when = (x: Passage, operation: Operation) => offset_text((x.sent ?? x.received ?? 0) - operation.begin);

const took = (x: Passage) =>
  x.sent !== undefined && x.received !== undefined && !x.side ? duration_text(x.received - x.sent) : "";

/** Each column with its title and its width. */
function columns(list: Passage[], operation: Operation) {
  const column = (id: string, title: string, texts: Iterable<string>) => ({
    id,
    title,
    width: column_width(widest(texts), title),
  });
  return [
    column("at", "ms", shapes(list, x => when(x, operation))),
    column("way", "", ["\u2192", "\u270e"]),
    column("number", "No.", shapes(list, x => String(x.sequence_number))),
    column("kind", "Kind", new Set(list.map(x => x.kind))),
    column("size", "Size", shapes(list, x => bytes_text(x.size))),
    column("took", "Under way", shapes(list, took)),
    { id: "payload", title: "Payload or details", width: 164 },
  ];
}

export function choose_by_key(event: KeyboardEvent, { list, chosen, on_choose }: TicketsProps) {
  const step = step_of(event, 8);
  if (step === undefined || list.length === 0) return;
  event.preventDefault();
  on_choose(stepped(chosen, step, list.length));
}

export function Tickets(props: TicketsProps) {
  const { operation, list, sought, chosen, on_choose } = props;
  const all = useMemo(() => columns(list, operation), [list, operation]);
  const style = (x: { id: string; width: number }) => ({ flex: `${x.id === "payload" ? 1 : 0} 0 ${x.width}px` });
  const cells = (x: Passage): Record<string, [string, string?]> => ({
    at: [when(x, operation)],
    way: [
      x.side ? "\u270e" : x.to_back ? "\u2192" : "\u2190",
      x.side ? `${x.kind === "consumed" ? "consumed" : "noted"} at the ${x.side}` : x.to_back ? "to the back" : "to the front",
    ],
    number: [x.kind === "annotation" ? "" : String(x.sequence_number)],
    kind: [x.kind],
    size: [x.side ? "" : bytes_text(x.size), x.side ? undefined : `${x.size} bytes`],
    took: [took(x)],
    payload: [payload_text(x)],
  });
  return (
    <div class="tickets">
      <VirtualList
        id="tickets"
        count={list.length}
        row_height={24}
        label={`${counted(list.length, "ticket")}; arrow keys choose one, Escape leads back to the operations`}
        empty="No ticket of it was recorded."
        role="grid"
        shown={chosen}
        on_key={event => choose_by_key(event, props)}
        least_width={all.reduce((sum, x) => sum + x.width, 0)}
        head={all.map(x => (
          <span key={x.id} role="columnheader" class={`cell ${x.id}`} style={style(x)}>
            {x.title}
          </span>
        ))}
        row={i => {
          const x = list[i];
          const texts = cells(x);
          const classes = `${i === chosen ? "selected" : ""} ${is_found(x.text, sought) ? "found" : ""}`;
          return (
            <div class={`cells ticket ${classes}`} onClick={() => on_choose(i)}>
              {all.map(({ id, width }) => (
                <span
                  key={id}
                  role="gridcell"
                  class={`cell ${id} ${id === "kind" && abortive(x.kind) ? "bad" : ""}`}
                  style={style({ id, width })}
                  title={texts[id][1]}
                  aria-label={id === "way" ? texts[id][1] : undefined}
                >
                  {id === "payload" ? <Marked text={texts[id][0]} sought={sought} /> : texts[id][0]}
                </span>
              ))}
            </div>
          );
        }}
      />
    </div>
  );
}
