// A list of which only the rows in sight exist, so that 100,000 of them scroll smoothly.

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";

interface Props {
  count: number;
  row_height: number;
  label: string;
  row: (index: number) => ComponentChildren;
  /** Kept in sight when it changes; -1: none. */
  shown?: number;
  role?: "listbox" | "list";
  class?: string;
  on_key?: (event: KeyboardEvent) => void;
}

// Browsers limit how tall an element may be: past this, a pixel of the scroll bar stands for more than one.
const tallest = 8_000_000;

export function VirtualList({ count, row_height, label, row, shown = -1, role = "list", on_key, ...rest }: Props) {
  const element = useRef<HTMLDivElement>(null);
  const [scroll, set_scroll] = useState(0);
  const [height, set_height] = useState(400);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => set_height(element.current!.clientHeight));
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
  const rows = [];
  for (let i = first; i < last; ++i)
    rows.push(
      <div class="row" key={i} style={{ top: `${reached + i * row_height - top}px`, height: `${row_height}px` }}>
        {row(i)}
      </div>,
    );
  return (
    <div
      ref={element}
      class={`virtual ${rest.class ?? ""}`}
      role={role}
      aria-label={label}
      tabIndex={0}
      onScroll={event => set_scroll(event.currentTarget.scrollTop)}
      onKeyDown={on_key}
    >
      <div class="tall" style={{ height: `${tall}px` }}>
        {rows}
      </div>
    </div>
  );
}
