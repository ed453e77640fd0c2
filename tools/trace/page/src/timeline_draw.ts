// Draws the timeline. What is in sight of 100,000 tickets is drawn anew for every frame; no more than that.

import type { Colours } from "./colours.ts";
import { axis_text } from "./format.ts";
import { first_after } from "./lanes.ts";
import { event_times, is_failure, type Mark, type Operation } from "./model.ts";

export const lane_height = 20;
const foot_height = 4; // of the back's part of a bar; the name is above it
export const axis_height = 22;
export const overview_height = 40;
export const lanes_top = overview_height + axis_height;

export interface Range {
  begin: number;
  end: number;
}

export interface View {
  width: number;
  height: number;
  range: Range; // of time, in sight
  whole: Range;
  origin: number; // what the axis counts from
  scroll: number; // pixels
  lanes: Operation[][];
  operations: Operation[];
  marks: Mark[];
  selected?: Operation;
  hovered?: Operation;
  colours: Colours;
}

export const x_of = (view: View, time: number) =>
  ((time - view.range.begin) / (view.range.end - view.range.begin)) * view.width;

export const time_at = (view: View, x: number) =>
  view.range.begin + (x / view.width) * (view.range.end - view.range.begin);

/** Round steps for an axis: 1, 2 or 5 times a power of ten, about `wanted` of them. */
export function step_for(length: number, wanted: number): number {
  const rough = length / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)));
  return [1, 2, 5, 10].map(x => x * power).find(x => x >= rough)!;
}

function draw_overview(g: CanvasRenderingContext2D, view: View) {
  const { width, whole, colours } = view;
  const bins = Math.max(1, Math.floor(width / 3));
  const all = new Float32Array(bins);
  const failed = new Float32Array(bins);
  const length = whole.end - whole.begin;
  for (const x of view.operations) {
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(((x.begin - whole.begin) / length) * bins)));
    all[bin] += x.tickets;
    if (is_failure(x.outcome)) failed[bin] += x.tickets;
  }
  const most = all.reduce((x, y) => Math.max(x, y), 1);
  const bar = width / bins;
  const tall = overview_height - 8;
  const height_of = (x: number) => (x === 0 ? 0 : Math.max(1.5, Math.sqrt(x / most) * tall));
  g.fillStyle = colours.raised;
  g.fillRect(0, 0, width, overview_height);
  for (let i = 0; i < bins; ++i) {
    const y = height_of(all[i]);
    g.fillStyle = colours.outcome.completed;
    g.globalAlpha = 0.75;
    g.fillRect(i * bar, overview_height - y, Math.max(1, bar - 0.5), y);
    if (failed[i] > 0) {
      const part = Math.max(1.5, (failed[i] / all[i]) * y);
      g.fillStyle = colours.outcome["servicer failure"];
      g.globalAlpha = 1;
      g.fillRect(i * bar, overview_height - part, Math.max(1, bar - 0.5), part);
    }
  }
  g.globalAlpha = 1;
  const left = ((view.range.begin - whole.begin) / length) * width;
  const right = ((view.range.end - whole.begin) / length) * width;
  g.fillStyle = colours.surface;
  g.globalAlpha = 0.65;
  g.fillRect(0, 0, left, overview_height);
  g.fillRect(right, 0, width - right, overview_height);
  g.globalAlpha = 1;
  g.strokeStyle = colours.accent;
  g.lineWidth = 1.5;
  g.strokeRect(left + 0.75, 0.75, Math.max(3, right - left - 1.5), overview_height - 1.5);
}

function draw_axis(g: CanvasRenderingContext2D, view: View) {
  const { range, colours, width, height } = view;
  const length = range.end - range.begin;
  const step = step_for(length, width / 110);
  g.font = "11px system-ui, sans-serif";
  g.textBaseline = "middle";
  g.strokeStyle = colours.line;
  g.lineWidth = 1;
  for (let i = Math.ceil((range.begin - view.origin) / step); i * step + view.origin <= range.end; ++i) {
    const t = i * step;
    const x = Math.round(x_of(view, t + view.origin)) + 0.5;
    g.beginPath();
    g.moveTo(x, overview_height);
    g.lineTo(x, height);
    g.stroke();
    g.fillStyle = colours.muted;
    g.fillText(axis_text(t, step), x + 4, overview_height + axis_height / 2);
  }
}

function draw_operation(g: CanvasRenderingContext2D, view: View, x: Operation, y: number) {
  const { colours } = view;
  const left = x_of(view, x.begin);
  const wide = Math.max(2, x_of(view, x.end) - left);
  const bar = lane_height - 5;
  const colour = colours.outcome[x.outcome];
  const part = (span: { begin: number; last: number; duration?: number }, top: number, tall: number, alpha: number) => {
    const from = x_of(view, span.begin);
    const to = x_of(view, span.begin + (span.duration ?? span.last));
    g.globalAlpha = alpha;
    g.fillRect(from, top, Math.max(2, to - from), tall);
  };
  g.fillStyle = colour;
  if (x.front && x.back) {
    part(x.front, y, bar, 0.45);
    g.fillStyle = colours.outcome[x.back.outcome ?? "not recorded"];
    part(x.back, y + bar - foot_height, foot_height, 1);
  } else {
    part(x.spans[0], y, bar, 0.6); // paler than its colour: the name on it is to be read
  }
  g.globalAlpha = 1;
  if (x === view.selected || x === view.hovered) {
    g.strokeStyle = x === view.selected ? colours.accent : colours.muted;
    g.lineWidth = x === view.selected ? 2 : 1;
    g.strokeRect(left - 1.5, y - 1.5, wide + 3, bar + 3);
  }
  if (wide < 40) return;
  if (wide > x.tickets * 3) {
    g.fillStyle = colours.text;
    g.globalAlpha = 0.7;
    for (const span of x.spans)
      for (const t of event_times(span))
        if (span.side === "front") g.fillRect(x_of(view, t), y, 1, 3);
        else g.fillRect(x_of(view, t), y + bar - foot_height, 1, foot_height);
    g.globalAlpha = 1;
  }
  const seen = Math.max(left, 0);
  const room = Math.min(left + wide, view.width) - seen - 8;
  if (room < 24) return;
  g.fillStyle = colours.text;
  g.font = "11px system-ui, sans-serif";
  g.textBaseline = "middle";
  const fits = Math.floor(room / 6);
  const name = x.name.length > fits ? x.name.slice(0, Math.max(1, fits - 1)) + "\u2026" : x.name;
  g.fillText(name, seen + 4, y + (bar - foot_height) / 2 + 1);
}

function draw_marks(g: CanvasRenderingContext2D, view: View) {
  for (const mark of view.marks) {
    const x = x_of(view, mark.at);
    if (x < 0 || x > view.width) continue;
    const is_good = mark.mark === "joined" || mark.mark === "resumed";
    g.strokeStyle = is_good ? view.colours.accent : view.colours.outcome["transmission failure"];
    g.setLineDash([3, 3]);
    g.lineWidth = 1;
    g.beginPath();
    g.moveTo(x, overview_height);
    g.lineTo(x, view.height);
    g.stroke();
    g.setLineDash([]);
  }
}

export function draw(g: CanvasRenderingContext2D, view: View) {
  g.clearRect(0, 0, view.width, view.height);
  draw_axis(g, view);
  draw_marks(g, view);
  g.save();
  g.beginPath();
  g.rect(0, lanes_top, view.width, view.height - lanes_top);
  g.clip();
  const pixel = (view.range.end - view.range.begin) / view.width;
  const first = Math.max(0, Math.floor(view.scroll / lane_height));
  const last = Math.min(view.lanes.length, Math.ceil((view.scroll + view.height - lanes_top) / lane_height));
  for (let i = first; i < last; ++i) {
    const lane = view.lanes[i];
    const y = lanes_top + 3 + i * lane_height - view.scroll;
    let drawn = -Infinity; // to where: what is no wider than a pixel is not drawn twice
    for (let k = first_after(lane, view.range.begin); k < lane.length && lane[k].begin <= view.range.end; ++k) {
      const x = lane[k];
      if (x.end < drawn && x !== view.selected && x !== view.hovered && !is_failure(x.outcome)) continue;
      draw_operation(g, view, x, y);
      drawn = Math.max(x.begin + pixel, drawn);
    }
  }
  g.restore();
  draw_overview(g, view);
}

/** What is under a point of the lanes. */
export function operation_at(view: View, x: number, y: number): Operation | undefined {
  if (y < lanes_top) return undefined;
  const lane = view.lanes[Math.floor((y - lanes_top + view.scroll) / lane_height)];
  if (!lane) return undefined;
  const slack = ((view.range.end - view.range.begin) / view.width) * 3;
  const time = time_at(view, x);
  const at = first_after(lane, time - slack);
  return at < lane.length && lane[at].begin <= time + slack ? lane[at] : undefined;
}
