// How long operations took, as charts.

import { useEffect, useMemo, useRef } from "preact/hooks";
import uPlot from "uplot";
import { type Colours, read_colours } from "./colours.ts";
import { axis_text, count_text, duration_text, percentile, round_text } from "./format.ts";
import { all_outcomes, type Operation } from "./model.ts";
import type { Range } from "./timeline_draw.ts";

interface ChartProps {
  title: string;
  label: string;
  data: uPlot.AlignedData;
  options: (colours: Colours) => Omit<uPlot.Options, "width" | "height">;
  scheme: string;
}

function Chart({ title, label, data, options, scheme }: ChartProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const box = element.current!;
    const size = () => ({ width: box.clientWidth, height: 140 });
    const plot = new uPlot({ ...size(), ...options(read_colours(all_outcomes)) }, data, box);
    const observer = new ResizeObserver(() => plot.setSize(size()));
    observer.observe(box);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [data, scheme]);
  return (
    <div class="chart">
      <h3>{title}</h3>
      <div ref={element} role="img" aria-label={label} />
    </div>
  );
}

const axis = (colours: Colours, size: number, text: (x: number, splits: number[]) => string): uPlot.Axis => ({
  stroke: colours.muted,
  grid: { stroke: colours.line, width: 1 },
  ticks: { stroke: colours.line, width: 1, size: 4 },
  font: "11px system-ui, sans-serif",
  size,
  values: (_plot, splits) => splits.map(x => (x === null || x === undefined ? "" : text(x, splits))),
});

/** Only powers of ten have room for their names. */
function power_text(ns: number): string {
  const off = Math.abs(Math.log10(ns) - Math.round(Math.log10(ns)));
  return off < 1e-6 ? round_text(ns) : "";
}

/** How many operations took how long: eight bins to a factor of ten. */
function histogram(sorted: number[]): uPlot.AlignedData {
  if (sorted.length === 0) return [[], []];
  const bin_of = (ns: number) => Math.floor(Math.log10(Math.max(1, ns)) * 8);
  const first = bin_of(sorted[0]) - 1;
  const counts = new Array<number>(bin_of(sorted[sorted.length - 1]) - first + 2).fill(0);
  for (const x of sorted) ++counts[bin_of(x) - first];
  return [counts.map((_, i) => 10 ** ((first + i + 0.5) / 8)), counts.map(x => x || null)];
}

/** `sorted`: the durations. */
export function Histogram({ sorted, scheme }: { sorted: number[]; scheme: string }) {
  const data = useMemo(() => histogram(sorted), [sorted]);
  const median = duration_text(percentile(sorted, 0.5));
  const longest = duration_text(percentile(sorted, 1));
  return (
    <Chart
      title="Operations by how long they took"
      label={`Histogram of durations: median ${median}, longest ${longest}`}
      data={data}
      scheme={scheme}
      options={colours => ({
        scales: {
          x: { time: false, distr: 3 },
          y: { range: (_plot, _low, high) => [0, Math.max(1, high) * 1.05] },
        },
        legend: { show: false },
        cursor: { y: false },
        axes: [axis(colours, 28, power_text), axis(colours, 48, x => (Number.isInteger(x) ? count_text(x) : ""))],
        series: [
          {},
          {
            stroke: colours.accent,
            fill: colours.accent + "55",
            paths: uPlot.paths.bars!({ size: [0.9] }),
            points: { show: false },
          },
        ],
      })}
    />
  );
}

/** Median, 95 % and the longest, of operations that began within each of 60 pieces of the time. */
function over_time(operations: Operation[], range: Range, origin: number): uPlot.AlignedData {
  const pieces = 60;
  const length = (range.end - range.begin) / pieces;
  const durations: number[][] = Array.from({ length: pieces }, () => []);
  for (const x of operations) {
    const piece = Math.floor((x.begin - range.begin) / length);
    if (piece >= 0 && piece <= pieces) durations[Math.min(piece, pieces - 1)].push(x.duration);
  }
  for (const x of durations) x.sort((a, b) => a - b);
  // A logarithmic scale has no zero.
  const line = (share: number) => durations.map(x => (x.length === 0 ? null : Math.max(1, percentile(x, share))));
  return [durations.map((_, i) => range.begin - origin + (i + 0.5) * length), line(0.5), line(0.95), line(1)];
}

interface OverTimeProps {
  operations: Operation[];
  range: Range;
  origin: number; // what the axis counts from
  scheme: string;
}

export function OverTime({ operations, range, origin, scheme }: OverTimeProps) {
  const data = useMemo(() => over_time(operations, range, origin), [operations, range]);
  const value = (_plot: uPlot, x: number | null) => (x === null || x === undefined ? "\u2013" : duration_text(x));
  const line = (label: string, stroke: string, width: number): uPlot.Series => ({
    label,
    stroke,
    width,
    spanGaps: true,
    points: { size: 4 },
    value,
  });
  return (
    <Chart
      title="How long operations took, by when they began"
      label="Median, 95 % and longest duration over time"
      data={data}
      scheme={scheme}
      options={colours => ({
        scales: { x: { time: false, range: [range.begin - origin, range.end - origin] }, y: { distr: 3 } },
        cursor: { y: false },
        axes: [
          axis(colours, 28, (x, splits) => axis_text(x, splits[1] - splits[0])),
          axis(colours, 62, x => duration_text(x)),
        ],
        series: [
          { label: "began", value },
          line("median", colours.accent, 2),
          line("95 %", colours.outcome.expired, 1.5),
          line("longest", colours.outcome["servicer failure"], 1),
        ],
      })}
    />
  );
}
