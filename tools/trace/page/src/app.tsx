// The page: what is shown of the trace, and how its parts hang together.

import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { outcome_colour } from "./colours.ts";
import { useDeferred } from "./deferred.ts";
import { Details } from "./details.tsx";
import { read_filter } from "./filter.ts";
import { count_text, counted, duration_text, wall_text } from "./format.ts";
import { Help } from "./help.tsx";
import { all_outcomes, type Operation, type Outcome, type Trace } from "./model.ts";
import { Overview } from "./overview.tsx";
import { Table } from "./table.tsx";
import { limited, Timeline, zoomed } from "./timeline.tsx";
import type { Range } from "./timeline_draw.ts";

type Scheme = "auto" | "light" | "dark";

function whole_of(trace: Trace): Range {
  const margin = (trace.end - trace.begin) * 0.01;
  return { begin: trace.begin - margin, end: trace.end + margin };
}

export function App({ trace }: { trace: Trace }) {
  const whole = useMemo(() => whole_of(trace), [trace]);
  const [range, set_range] = useState(whole);
  const [text, set_text] = useState("");
  const [hidden, set_hidden] = useState<Set<Outcome>>(new Set());
  const [selected, set_selected] = useState<Operation>();
  const [help, set_help] = useState(false);
  const [scheme, set_scheme] = useState<Scheme>("auto");
  const filter_box = useRef<HTMLInputElement>(null);

  const settled = useDeferred(text);
  const filter = useMemo(() => read_filter(settled), [settled]);
  const matching = useMemo(() => trace.operations.filter(filter.matches), [trace, filter]);
  const operations = useMemo(
    () => (hidden.size === 0 ? matching : matching.filter(x => !hidden.has(x.outcome))),
    [matching, hidden],
  );
  // Table and charts follow a little later, so that zooming stays smooth.
  const seen = useDeferred(range);
  const in_sight = useMemo(
    () =>
      seen.begin <= whole.begin && seen.end >= whole.end
        ? operations
        : operations.filter(x => x.end >= seen.begin && x.begin <= seen.end),
    [operations, seen],
  );
  const counts = useMemo(() => {
    const result = new Map<Outcome, number>();
    for (const x of matching) result.set(x.outcome, (result.get(x.outcome) ?? 0) + 1);
    return result;
  }, [matching]);
  const present = useMemo(() => all_outcomes.filter(x => trace.operations.some(y => y.outcome === x)), [trace]);

  const show = useCallback(
    (x: Operation) => {
      const margin = Math.max(500, (x.end - x.begin) * 0.15);
      set_range(limited({ begin: x.begin - margin, end: x.end + margin }, whole));
    },
    [whole],
  );
  const narrow = (word: string) => {
    set_text(now => (now.includes(word) ? now : `${now} ${word}`.trim()));
  };

  useEffect(() => {
    const on_key = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
      if (target instanceof HTMLInputElement) {
        if (event.key === "Escape") {
          set_text("");
          target.blur();
        }
        return;
      }
      const middle = (range.begin + range.end) / 2;
      const step = (range.end - range.begin) / 5;
      const actions: Record<string, () => void> = {
        "/": () => filter_box.current!.focus(),
        "?": () => set_help(true),
        Escape: () => (selected ? set_selected(undefined) : set_text("")),
        "+": () => set_range(zoomed(range, 0.5, middle, whole)),
        "=": () => set_range(zoomed(range, 0.5, middle, whole)),
        "-": () => set_range(zoomed(range, 2, middle, whole)),
        "0": () => set_range(whole),
        z: () => selected && show(selected),
        ArrowLeft: () => set_range(limited({ begin: range.begin - step, end: range.end - step }, whole)),
        ArrowRight: () => set_range(limited({ begin: range.begin + step, end: range.end + step }, whole)),
      };
      const action = actions[event.key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    window.addEventListener("keydown", on_key);
    return () => window.removeEventListener("keydown", on_key);
  }, [range, selected, whole]);

  const [dark, set_dark] = useState(() => matchMedia("(prefers-color-scheme: dark)").matches);
  useEffect(() => {
    const query = matchMedia("(prefers-color-scheme: dark)");
    const on_change = () => set_dark(query.matches);
    query.addEventListener("change", on_change);
    return () => query.removeEventListener("change", on_change);
  }, []);
  const shown_scheme = scheme === "auto" ? (dark ? "dark" : "light") : scheme;
  // Now, and not in an effect: what is drawn on a canvas asks for the colours while it is rendered.
  document.documentElement.dataset.scheme = shown_scheme;

  const toggle = (x: Outcome) =>
    set_hidden(now => {
      const next = new Set(now);
      if (!next.delete(x)) next.add(x);
      return next;
    });

  return (
    <main data-operations={in_sight.length} data-scheme-shown={shown_scheme}>
      <header class="top">
        <h1>Tandem trace</h1>
        <span class="files" title={trace.files.join("\n")}>
          {trace.files.join(", ")}
        </span>
        <span class="muted">
          {counted(trace.operations.length, "operation")}, {counted(trace.tickets, "ticket")},{" "}
          {duration_text(trace.end - trace.begin)} from {wall_text(trace.base_ns, trace.begin).replace(/\.\d+/, "")}
        </span>
        <span class="grow" />
        <button title="Light or dark" onClick={() => set_scheme(shown_scheme === "dark" ? "light" : "dark")}>
          {shown_scheme === "dark" ? "Light" : "Dark"}
        </button>
        <button title="Keys and filter (?)" onClick={() => set_help(true)}>
          Help
        </button>
      </header>
      {(trace.notes.length > 0 || trace.left_out > 0) && (
        <details class="notes">
          <summary>
            {trace.left_out > 0 ? `${counted(trace.left_out, "ticket")} left out; ` : ""}
            {counted(trace.notes.length, "note")} about the files
          </summary>
          {trace.notes.map(x => (
            <div key={x}>{x.replace(/^tandem: /, "")}</div>
          ))}
        </details>
      )}
      <div class="bar">
        <input
          ref={filter_box}
          class="filter"
          type="search"
          placeholder="Filter ( / ): echo outcome:expired >10ms is:failed"
          aria-label="Filter"
          spellcheck={false}
          value={text}
          onInput={event => set_text(event.currentTarget.value)}
        />
        {present.map(x => (
          <button
            key={x}
            class={`chip ${hidden.has(x) ? "off" : ""}`}
            aria-pressed={!hidden.has(x)}
            title="Show or hide"
            onClick={() => toggle(x)}
          >
            <i class="dot" style={{ background: outcome_colour(x) }} />
            {x} <b>{count_text(counts.get(x) ?? 0)}</b>
          </button>
        ))}
        <span class="grow" />
        <span class={filter.problem ? "problem" : "muted"} role="status">
          {filter.problem ||
            (in_sight.length < trace.operations.length
              ? `${count_text(in_sight.length)} of ${counted(trace.operations.length, "operation")}`
              : "")}
        </span>
      </div>
      <Timeline
        trace={trace}
        operations={operations}
        range={range}
        whole={whole}
        selected={selected}
        scheme={shown_scheme}
        on_range={set_range}
        on_select={set_selected}
      />
      <div class="split">
        <Table trace={trace} operations={in_sight} selected={selected} on_select={set_selected} on_open={show} />
        {selected ? (
          <Details
            trace={trace}
            operation={selected}
            on_select={set_selected}
            on_close={() => set_selected(undefined)}
            on_show={() => show(selected)}
          />
        ) : (
          <Overview trace={trace} operations={in_sight} range={seen} scheme={shown_scheme} on_filter={narrow} />
        )}
      </div>
      {help && <Help on_close={() => set_help(false)} />}
    </main>
  );
}
