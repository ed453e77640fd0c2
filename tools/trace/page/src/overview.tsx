// What all operations that pass the filter come to: outcomes, latencies, names.

import { useEffect, useMemo, useRef } from "preact/hooks";
import uPlot from "uplot";
import { outcome_colour, read_colours } from "./colours.ts";
import { axis_text, count_text, counted, duration_text, percentile, round_text } from "./format.ts";
import { all_outcomes, is_failure, type Operation, type Trace } from "./model.ts";
import type { Range } from "./timeline_draw.ts";

interface ChartProps {
  title: string;
  label: string;
  data: uPlot.AlignedData;
  options: (colours: ReturnType<typeof read_colours>) => Omit<uPlot.Options, "width" | "height">;
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

const axis = (colours: ReturnType<typeof read_colours>): uPlot.Axis => ({
  stroke: colours.muted,
  grid: { stroke: colours.line, width: 1 },
  ticks: { stroke: colours.line, width: 1, size: 4 },
  font: "11px system-ui, sans-serif",
});

const duration_axis = (colours: ReturnType<typeof read_colours>): uPlot.Axis => ({
  ...axis(colours),
  size: 62,
  values: (_plot, splits) => splits.map(x => (x === null || x === undefined ? "" : duration_text(x))),
});

/** How many operations took how long: eight bins to a factor of ten. */
function histogram(sorted: number[]): uPlot.AlignedData {
  if (sorted.length === 0) return [[], []];
  const bin_of = (ns: number) => Math.floor(Math.log10(Math.max(1, ns)) * 8);
  const first = bin_of(sorted[0]) - 1;
  const counts = new Array<number>(bin_of(sorted[sorted.length - 1]) - first + 2).fill(0);
  for (const x of sorted) ++counts[bin_of(x) - first];
  return [counts.map((_, i) => 10 ** ((first + i + 0.5) / 8)), counts.map(x => x || null)];
}

/** Median, 95 % and the longest, of operations that began within each of 60 pieces of the time. */
function over_time(operations: Operation[], range: Range, begin: number): uPlot.AlignedData {
  const pieces = 60;
  const length = (range.end - range.begin) / pieces;
  const durations: number[][] = Array.from({ length: pieces }, () => []);
  for (const x of operations) {
    const piece = Math.floor((x.begin - range.begin) / length);
    if (piece >= 0 && piece <= pieces) durations[Math.min(piece, pieces - 1)].push(x.duration);
  }
  for (const x of durations) x.sort((a, b) => a - b);
  const line = (share: number) => durations.map(x => (x.length === 0 ? null : Math.max(1, percentile(x, share))));
  return [durations.map((_, i) => range.begin - begin + (i + 0.5) * length), line(0.5), line(0.95), line(1)];
}

interface NameRow {
  name: string;
  sorted: number[];
  failed: number;
}

function by_name(operations: Operation[]): NameRow[] {
  const rows = new Map<string, NameRow>();
  for (const x of operations) {
    let row = rows.get(x.name);
    if (!row) rows.set(x.name, (row = { name: x.name, sorted: [], failed: 0 }));
    row.sorted.push(x.duration);
    if (is_failure(x.outcome)) ++row.failed;
  }
  for (const x of rows.values()) x.sorted.sort((a, b) => a - b);
  return [...rows.values()].sort((x, y) => y.sorted.length - x.sorted.length);
}

interface Props {
  trace: Trace;
  operations: Operation[];
  range: Range;
  scheme: string;
  on_filter: (word: string) => void;
}

export function Overview({ trace, operations, range, scheme, on_filter }: Props) {
  const { sorted, spread, times, names, counts } = useMemo(() => {
    const sorted = operations.map(x => x.duration).sort((x, y) => x - y);
    const counts = all_outcomes
      .map(outcome => ({ outcome, count: operations.filter(x => x.outcome === outcome).length }))
      .filter(x => x.count > 0);
    return { sorted, spread: histogram(sorted), times: over_time(operations, range, trace.begin), names: by_name(operations), counts };
  }, [operations, range]);
  const most = Math.max(1, ...counts.map(x => x.count));
  const figure = (title: string, value: string) => (
    <div class="figure">
      <b>{value}</b>
      <span>{title}</span>
    </div>
  );
  const failed = operations.filter(x => is_failure(x.outcome)).length;
  const quoted = (x: string) => (/\s/.test(x) ? `"${x}"` : x);
  return (
    <section class="overview" aria-label="Overview">
      <div class="figures">
        {figure("operations", count_text(operations.length))}
        {figure("not completed", operations.length === 0 ? "0" : `${count_text(failed)} (${((100 * failed) / operations.length).toFixed(1)} %)`)}
        {figure("median", duration_text(percentile(sorted, 0.5)))}
        {figure("95 %", duration_text(percentile(sorted, 0.95)))}
        {figure("99 %", duration_text(percentile(sorted, 0.99)))}
        {figure("longest", duration_text(percentile(sorted, 1)))}
      </div>
      <div class="chart">
        <h3>Outcomes</h3>
        <div class="outcomes">
          {counts.map(({ outcome, count }) => (
            <button key={outcome} class="bar" title="Show only these" onClick={() => on_filter(`outcome:${quoted(outcome)}`)}>
              <span class="what">{outcome}</span>
              <span class="track">
                <i style={{ width: `${(100 * count) / most}%`, background: outcome_colour(outcome) }} />
              </span>
              <span class="count">{count_text(count)}</span>
            </button>
          ))}
        </div>
      </div>
      {operations.length > 0 && (
        <>
          <Chart
            title="Operations by how long they took"
            label={`Histogram of durations: median ${duration_text(percentile(sorted, 0.5))}, longest ${duration_text(percentile(sorted, 1))}`}
            data={spread}
            scheme={scheme}
            options={colours => ({
              scales: { x: { time: false, distr: 3 }, y: { range: (_plot, _low, high) => [0, Math.max(1, high) * 1.05] } },
              legend: { show: false },
              cursor: { y: false },
              axes: [
                { ...axis(colours), size: 28, values: (_plot, splits) => splits.map(x => (Math.abs(Math.log10(x) % 1) < 1e-6 || Math.abs(Math.log10(x) % 1) > 1 - 1e-6 ? round_text(x) : "")) },
                { ...axis(colours), size: 48, values: (_plot, splits) => splits.map(x => (Number.isInteger(x) ? count_text(x) : "")) },
              ],
              series: [{}, { stroke: colours.accent, fill: colours.accent + "55", paths: uPlot.paths.bars!({ size: [0.9] }), points: { show: false } }],
            })}
          />
          <Chart
            title="How long operations took, by when they began"
            label="Median, 95 % and longest duration over time"
            data={times}
            scheme={scheme}
            options={colours => ({
              scales: { x: { time: false, range: [range.begin - trace.begin, range.end - trace.begin] }, y: { distr: 3 } },
              cursor: { y: false },
              axes: [
                { ...axis(colours), size: 28, values: (_plot, splits) => splits.map(x => axis_text(x, splits[1] - splits[0])) },
                duration_axis(colours),
              ],
              series: [
                { label: "began", value: (_plot, x) => (x == null ? "" : duration_text(x)) },
                { label: "median", stroke: colours.accent, width: 2, spanGaps: true, points: { size: 4 }, value: (_plot, x) => (x == null ? "" : duration_text(x)) },
                { label: "95 %", stroke: colours.outcome.expired, width: 1.5, spanGaps: true, points: { size: 4 }, value: (_plot, x) => (x == null ? "" : duration_text(x)) },
                { label: "longest", stroke: colours.outcome["servicer failure"], width: 1, spanGaps: true, points: { size: 3 }, value: (_plot, x) => (x == null ? "" : duration_text(x)) },
              ],
            })}
          />
          <div class="chart">
            <h3>Names</h3>
            <table class="names">
              <thead>
                <tr><th>Name</th><th>Count</th><th>Failed</th><th>Median</th><th>95 %</th><th>99 %</th><th>Longest</th></tr>
              </thead>
              <tbody>
                {names.slice(0, 50).map(x => (
                  <tr key={x.name}>
                    <td><button class="link" title="Show only these" onClick={() => on_filter(`name:${quoted(x.name)}`)}>{x.name}</button></td>
                    <td>{count_text(x.sorted.length)}</td>
                    <td class={x.failed > 0 ? "bad" : ""}>{count_text(x.failed)}</td>
                    {[0.5, 0.95, 0.99, 1].map(share => <td key={share}>{duration_text(percentile(x.sorted, share))}</td>)}
                  </tr>
                ))}
              </tbody>
            </table>
            {names.length > 50 && <p class="muted">and {counted(names.length - 50, "more name")}</p>}
          </div>
        </>
      )}
    </section>
  );
}
