// The timeline: all operations that pass the filter, to zoom into.

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { read_colours } from "./colours.ts";
import { bytes_text, counted, duration_text, wall_text } from "./format.ts";
import { lay_out } from "./lanes.ts";
import { all_outcomes, type Operation, type Trace } from "./model.ts";
import {
  draw,
  lane_height,
  lanes_top,
  operation_at,
  overview_height,
  type Range,
  time_at,
  type View,
} from "./timeline_draw.ts";

interface Props {
  trace: Trace;
  operations: Operation[];
  range: Range;
  whole: Range;
  selected?: Operation;
  scheme: string;
  on_range: (range: Range) => void;
  on_select: (x?: Operation) => void;
}

/** Within the whole, and no narrower than 100 ns. */
export function limited(range: Range, whole: Range): Range {
  const length = Math.min(Math.max(range.end - range.begin, 100), whole.end - whole.begin);
  const begin = Math.min(Math.max(range.begin, whole.begin), whole.end - length);
  return { begin, end: begin + length };
}

export function zoomed(range: Range, factor: number, at: number, whole: Range): Range {
  return limited({ begin: at - (at - range.begin) * factor, end: at + (range.end - at) * factor }, whole);
}

export function Timeline({ trace, operations, range, whole, selected, scheme, on_range, on_select }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, set_size] = useState({ width: 800, height: 240 });
  const [scroll, set_scroll] = useState(0);
  const [hover, set_hover] = useState<{ x: number; y: number; of: Operation }>();
  const lanes = useMemo(() => lay_out(operations), [operations]);
  const colours = useMemo(() => read_colours(all_outcomes), [scheme]);
  const most_scroll = Math.max(0, lanes.length * lane_height + 6 - (size.height - lanes_top));
  const view: View = {
    ...size,
    range,
    whole,
    origin: trace.begin,
    scroll: Math.min(scroll, most_scroll),
    lanes,
    operations,
    marks: trace.marks,
    selected,
    hovered: hover?.of,
    colours,
  };
  const latest = useRef(view);
  latest.current = view;

  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => {
      const box = canvas.current!.parentElement!;
      set_size({ width: box.clientWidth, height: box.clientHeight });
    });
    observer.observe(canvas.current!.parentElement!);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    const frame = requestAnimationFrame(() => {
      const ratio = window.devicePixelRatio || 1;
      const element = canvas.current!;
      if (element.width !== Math.round(size.width * ratio) || element.height !== Math.round(size.height * ratio)) {
        element.width = Math.round(size.width * ratio);
        element.height = Math.round(size.height * ratio);
      }
      const g = element.getContext("2d")!;
      g.setTransform(ratio, 0, 0, ratio, 0, 0);
      draw(g, latest.current);
    });
    return () => cancelAnimationFrame(frame);
  });

  // What is selected comes into sight.
  useEffect(() => {
    if (!selected) return;
    const lane = lanes.findIndex(x => x.includes(selected));
    if (lane < 0) return;
    const top = lane * lane_height;
    const seen = size.height - lanes_top;
    set_scroll(now => (top < now ? top : top + lane_height > now + seen ? top + lane_height - seen : now));
  }, [selected, lanes]);

  // Not through Preact: the page must not scroll meanwhile, and passive listeners cannot prevent it.
  useEffect(() => {
    const element = canvas.current!;
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const now = latest.current;
      if (event.shiftKey) {
        const by = event.deltaY || event.deltaX;
        set_scroll(x =>
          Math.min(Math.max(0, x + by), Math.max(0, now.lanes.length * lane_height + 6 - (now.height - lanes_top))),
        );
      } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        const by = (event.deltaX / now.width) * (now.range.end - now.range.begin);
        on_range(limited({ begin: now.range.begin + by, end: now.range.end + by }, now.whole));
      } else {
        const box = element.getBoundingClientRect();
        const factor = Math.exp(Math.max(-100, Math.min(100, event.deltaY)) / 250);
        on_range(zoomed(now.range, factor, time_at(now, event.clientX - box.left), now.whole));
      }
    };
    element.addEventListener("wheel", wheel, { passive: false });
    return () => element.removeEventListener("wheel", wheel);
  }, []);

  const drag = useRef<{ x: number; y: number; range: Range; scroll: number; overview: boolean; moved: boolean }>();
  const place = (event: PointerEvent) => {
    const box = canvas.current!.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const overview_time = (x: number) => whole.begin + (x / size.width) * (whole.end - whole.begin);

  const on_down = (event: PointerEvent) => {
    if (event.button !== 0) return;
    canvas.current!.setPointerCapture(event.pointerId);
    const { x, y } = place(event);
    drag.current = { x, y, range, scroll: view.scroll, overview: y < overview_height, moved: false };
  };
  const on_move = (event: PointerEvent) => {
    const { x, y } = place(event);
    const from = drag.current;
    if (!from) {
      const of = operation_at(view, x, y);
      set_hover(of && { x, y, of });
      return;
    }
    if (!from.moved && Math.hypot(x - from.x, y - from.y) < 4) return;
    from.moved = true;
    set_hover(undefined);
    if (from.overview) {
      const [begin, end] = [overview_time(from.x), overview_time(x)].sort((a, b) => a - b);
      on_range(limited({ begin, end }, whole));
    } else {
      const by = ((from.x - x) / size.width) * (from.range.end - from.range.begin);
      on_range(limited({ begin: from.range.begin + by, end: from.range.end + by }, whole));
      set_scroll(Math.min(Math.max(0, from.scroll + from.y - y), most_scroll));
    }
  };
  const on_up = (event: PointerEvent) => {
    const from = drag.current;
    drag.current = undefined;
    if (!from || from.moved) return;
    const { x, y } = place(event);
    if (from.overview) {
      const half = (range.end - range.begin) / 2;
      on_range(limited({ begin: overview_time(x) - half, end: overview_time(x) + half }, whole));
    } else {
      on_select(operation_at(view, x, y));
    }
  };
  const on_double = (event: MouseEvent) => {
    const box = canvas.current!.getBoundingClientRect();
    const of = operation_at(view, event.clientX - box.left, event.clientY - box.top);
    if (!of) return on_range(whole);
    const margin = Math.max(200, (of.end - of.begin) * 0.1);
    on_range(limited({ begin: of.begin - margin, end: of.end + margin }, whole));
  };

  const middle = (range.begin + range.end) / 2;
  return (
    <section class="timeline" aria-label="Timeline">
      <canvas
        ref={canvas}
        tabIndex={0}
        role="img"
        aria-label={`Timeline of ${counted(operations.length, "operation")}; plus and minus zoom, arrow keys move`}
        style={{ width: `${size.width}px`, height: `${size.height}px` }}
        onPointerDown={on_down}
        onPointerMove={on_move}
        onPointerUp={on_up}
        onPointerCancel={() => (drag.current = undefined)}
        onPointerLeave={() => set_hover(undefined)}
        onDblClick={on_double}
      />
      <div class="zoom">
        <span class="muted">{duration_text(range.end - range.begin)}</span>
        <button title="Zoom in (+)" aria-label="Zoom in" onClick={() => on_range(zoomed(range, 0.5, middle, whole))}>
          +
        </button>
        <button title="Zoom out (-)" aria-label="Zoom out" onClick={() => on_range(zoomed(range, 2, middle, whole))}>
          {"\u2212"}
        </button>
        <button title="Show all (0)" onClick={() => on_range(whole)}>
          All
        </button>
      </div>
      {operations.length === 0 && (
        <p class="nothing">
          {trace.operations.length === 0 ? "The trace has no operation." : "No operation passes the filter."}
        </p>
      )}
      {hover && (
        <div
          class="tip"
          style={{
            left: `${Math.min(hover.x + 12, size.width - 300)}px`,
            ...(hover.y > size.height - 80
              ? { bottom: `${size.height - hover.y + 8}px` }
              : { top: `${hover.y + 14}px` }),
          }}
        >
          <b>{hover.of.name}</b> <code>{hover.of.short_id}</code>
          <br />
          {hover.of.outcome}, {duration_text(hover.of.duration)}, {counted(hover.of.tickets, "ticket")},{" "}
          {bytes_text(hover.of.bytes)}
          <br />
          <span class="muted">{wall_text(trace.base_ns, hover.of.begin)}</span>
        </div>
      )}
    </section>
  );
}
