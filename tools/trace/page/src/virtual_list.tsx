// A list of which only the rows in sight exist, so that 100,000 of them scroll smoothly.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

interface Props {
  id: string;
  count: number;
  row_height: number;
  label: string;
  row: (index: number) => ComponentChildren;
  /** What a row is called where its content is a picture. */
  row_label?: (index: number) => string;
  /** What is said if there is no row. */
  empty: string;
  /** Chosen, and kept in sight when it changes; -1: none. */
  shown: number;
  role: "grid" | "listbox";
  head?: ComponentChildren;
  /** Below this, it scrolls sideways. */
  least_width?: number;
  on_key: (event: KeyboardEvent) => void;
}

// Browsers limit how tall an element may be: past this, a pixel of the scroll bar stands for more than one.
const tallest = 8_000_000;

/** What a key that moves in a list moves by, if it is one; `page`: how many rows are in sight. */
export function step_of(event: KeyboardEvent, page: number): number | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  const steps: Record<string, number> = {
    ArrowDown: 1,
    j: 1,
    ArrowUp: -1,
    k: -1,
    PageDown: page,
    PageUp: -page,
    Home: -Infinity,
    End: Infinity,
  };
  return steps[event.key];
}

/** Where a step leads in a list of `count` rows; from nowhere, to the first one. */
export function stepped(from: number, step: number, count: number): number {
  const to = from < 0 && Number.isFinite(step) ? 0 : from + step;
  return Math.min(count - 1, Math.max(0, to));
}

export function VirtualList(props: Props) {
  const { id, count, row_height, label, row, row_label, empty, shown, role, head, least_width = 0, on_key } = props;
  const element = useRef<HTMLDivElement>(null);
  const head_element = useRef<HTMLDivElement>(null);
  const [scroll, set_scroll] = useState(0);
  const [height, set_height] = useState(400);
  useLayoutEffect(() => {
    const measure = () => set_height(element.current!.clientHeight - (head_element.current?.offsetHeight ?? 0));
    const observer = new ResizeObserver(measure);
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  const whole = count * row_height;
  const tall = Math.min(whole, tallest);
  const scale = tall > height ? Math.max(1, (whole - height) / (tall - height)) : 1;
  useLayoutEffect(() => {
    if (shown < 0) return;
    const top = shown * row_height;
    const at = element.current!.scrollTop * scale;
    if (top < at) element.current!.scrollTop = top / scale;
    else if (top + row_height > at + height) element.current!.scrollTop = (top + row_height - height) / scale;
  }, [shown, height]);
  // When the list has become shorter, the browser scrolls back; this is where to.
  const reached = Math.min(scroll, Math.max(0, tall - height));
  const top = reached * scale;
  const first = Math.max(0, Math.floor(top / row_height) - 4);
  const last = Math.min(count, Math.ceil((top + height) / row_height) + 4);
  // The index of a row of a grid counts the head, too.
  const rows = [];
  for (let i = first; i < last; ++i)
    rows.push(
      <div
        class="row"
        key={i}
        id={`${id}-${i}`}
        role={role === "grid" ? "row" : "option"}
        aria-rowindex={role === "grid" ? i + 2 : undefined}
        aria-posinset={role === "grid" ? undefined : i + 1}
        aria-setsize={role === "grid" ? undefined : count}
        aria-selected={i === shown}
        aria-label={row_label?.(i)}
        style={{ top: `${reached + i * row_height - top}px`, height: `${row_height}px` }}
      >
        {row(i)}
      </div>,
    );
  const wide = { minWidth: `${least_width}px` };
  const on_any_key = (event: KeyboardEvent) => {
    const aside = event.key === "ArrowLeft" ? -80 : event.key === "ArrowRight" ? 80 : 0;
    if (event.shiftKey && aside !== 0) {
      element.current!.scrollLeft += aside;
      event.preventDefault();
    } else if (event.target === element.current) {
      on_key(event); // and not those of a button in the head
    }
  };
  return (
    <div
      ref={element}
      id={id}
      class="virtual"
      role={role}
      aria-label={label}
      aria-rowcount={role === "grid" ? count + 1 : undefined}
      aria-activedescendant={shown >= first && shown < last ? `${id}-${shown}` : undefined}
      tabIndex={0}
      onScroll={event => set_scroll(event.currentTarget.scrollTop)}
      onKeyDown={on_any_key}
    >
      {head && (
        <div ref={head_element} class="head cells" role="row" aria-rowindex={1} style={wide}>
          {head}
        </div>
      )}
      <div class="tall" role="presentation" style={{ height: `${tall}px`, ...wide }}>
        {rows}
      </div>
      {count === 0 && <p class="nothing">{empty}</p>}
    </div>
  );
}
