// An operation's tickets as a list.

import { bytes_text, duration_text, offset_text } from "./format.ts";
import type { Operation } from "./model.ts";
import type { Passage } from "./passages.ts";
import { abortive, payload_text } from "./sequence.tsx";
import { VirtualList } from "./virtual_list.tsx";

interface Props {
  operation: Operation;
  list: Passage[];
  chosen: number;
  on_choose: (index: number) => void;
}

export function Tickets({ operation, list, chosen, on_choose }: Props) {
  const on_key = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0 || list.length === 0) return;
    event.preventDefault();
    on_choose(Math.min(list.length - 1, Math.max(0, chosen + step)));
  };
  const took = (x: Passage) =>
    x.sent !== undefined && x.received !== undefined && !x.side ? duration_text(x.received - x.sent) : "";
  return (
    <div class="tickets">
      <div class="head cells">
        <span class="cell at">ms</span>
        <span class="cell way" />
        <span class="cell number">No.</span>
        <span class="cell kind">Kind</span>
        <span class="cell size">Size</span>
        <span class="cell took">Under way</span>
        <span class="cell payload">Payload or details</span>
      </div>
      <VirtualList
        count={list.length}
        row_height={24}
        label={`${list.length} tickets`}
        role="listbox"
        shown={chosen}
        on_key={on_key}
        row={i => {
          const x = list[i];
          return (
            <div
              class={`cells ticket ${i === chosen ? "selected" : ""}`}
              role="option"
              aria-selected={i === chosen}
              onClick={() => on_choose(i)}
            >
              <span class="cell at">{offset_text((x.sent ?? x.received ?? 0) - operation.begin)}</span>
              <span
                class="cell way"
                title={x.side ? `noted at the ${x.side}` : x.to_back ? "to the back" : "to the front"}
              >
                {x.side ? "\u270e" : x.to_back ? "\u2192" : "\u2190"}
              </span>
              <span class="cell number">{x.side ? "" : x.sequence_number}</span>
              <span class={`cell kind ${abortive(x.kind) ? "bad" : ""}`}>{x.kind}</span>
              <span class="cell size">{x.side ? "" : bytes_text(x.size)}</span>
              <span class="cell took">{took(x)}</span>
              <span class="cell payload">{payload_text(x)}</span>
            </div>
          );
        }}
      />
    </div>
  );
}
