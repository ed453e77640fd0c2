// What all operations that pass the filter come to: outcomes, latencies, names.

import { useMemo } from "preact/hooks";
import { Histogram, OverTime } from "./charts.tsx";
import { outcome_colour } from "./colours.ts";
import { count_text, counted, duration_text, percentile } from "./format.ts";
import { all_outcomes, is_failure, type Operation, type Trace } from "./model.ts";
import type { Range } from "./timeline_draw.ts";

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
  const { sorted, names, counts } = useMemo(() => {
    const counts = all_outcomes
      .map(outcome => ({ outcome, count: operations.filter(x => x.outcome === outcome).length }))
      .filter(x => x.count > 0);
    return { sorted: operations.map(x => x.duration).sort((x, y) => x - y), names: by_name(operations), counts };
  }, [operations]);
  const most = Math.max(1, ...counts.map(x => x.count));
  const figure = (title: string, value: string) => (
    <div class="figure">
      <b>{value}</b>
      <span>{title}</span>
    </div>
  );
  const took = (share: number) => (sorted.length === 0 ? "\u2013" : duration_text(percentile(sorted, share)));
  const failed = operations.filter(x => is_failure(x.outcome)).length;
  const quoted = (x: string) => (/\s/.test(x) ? `"${x}"` : x);
  return (
    <section class="overview" aria-label="Overview">
      <div class="figures">
        {figure("operations", count_text(operations.length))}
        {figure(
          "not completed",
          operations.length === 0
            ? "0"
            : `${count_text(failed)} (${((100 * failed) / operations.length).toFixed(1)} %)`,
        )}
        {figure("median", took(0.5))}
        {figure("95 %", took(0.95))}
        {figure("99 %", took(0.99))}
        {figure("longest", took(1))}
      </div>
      <div class="chart">
        {counts.length > 0 && <h3>Outcomes</h3>}
        <div class="outcomes">
          {counts.map(({ outcome, count }) => (
            <button
              key={outcome}
              class="bar"
              title="Show only these"
              onClick={() => on_filter(`outcome:${quoted(outcome)}`)}
            >
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
          <Histogram sorted={sorted} scheme={scheme} />
          <OverTime operations={operations} range={range} origin={trace.begin} scheme={scheme} />
          <div class="chart">
            <h3>Names</h3>
            <div class="sideways">
              <table class="names">
                <thead>
                  <tr>
                    <th>Name</th>
                    <th>Count</th>
                    <th title="any outcome but completed">Not completed</th>
                    <th>Median</th>
                    <th>95 %</th>
                    <th>99 %</th>
                    <th>Longest</th>
                  </tr>
                </thead>
                <tbody>
                  {names.slice(0, 50).map(x => (
                    <tr key={x.name}>
                      <td>
                        <button
                          class="link"
                          title="Show only these"
                          onClick={() => on_filter(`name:${quoted(x.name)}`)}
                        >
                          {x.name}
                        </button>
                      </td>
                      <td>{count_text(x.sorted.length)}</td>
                      <td class={x.failed > 0 ? "bad" : ""}>{count_text(x.failed)}</td>
                      {[0.5, 0.95, 0.99, 1].map(share => (
                        <td key={share}>{duration_text(percentile(x.sorted, share))}</td>
                      ))}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            {names.length > 50 && <p class="muted">and {counted(names.length - 50, "more name")}</p>}
          </div>
        </>
      )}
    </section>
  );
}
