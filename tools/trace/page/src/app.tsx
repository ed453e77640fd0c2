// The page: what is shown of the trace, and how its parts hang together.

import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { other_tab, type Place, read_place, useAddress } from "./address.ts";
import { outcome_colour } from "./colours.ts";
import { useDeferred } from "./deferred.ts";
import { Details } from "./details.tsx";
import { read_filter } from "./filter.ts";
import { count_text, counted } from "./format.ts";
import { Help, Keys } from "./help.tsx";
import { focus_on, useKeys } from "./keys.ts";
import { is_found } from "./marked.tsx";
import { all_outcomes, type Operation, type Outcome, type Trace } from "./model.ts";
import { Overview } from "./overview.tsx";
import { passages_of } from "./passages.ts";
import { Table } from "./table.tsx";
import { limited, Timeline, zoomed } from "./timeline.tsx";
import type { Range } from "./timeline_draw.ts";
import { Notes, Top } from "./top.tsx";

type Scheme = "auto" | "light" | "dark";

function whole_of(trace: Trace): Range {
  const margin = (trace.end - trace.begin) * 0.01;
  return { begin: trace.begin - margin, end: trace.end + margin };
}

const moved = (x: Range, by: number): Range => ({ begin: x.begin + by, end: x.end + by });

export function App({ trace }: { trace: Trace }) {
  const whole = useMemo(() => whole_of(trace), [trace]);
  const [place, set_place] = useState(() => read_place(location.hash));
  const change = useCallback((x: Partial<Place>) => set_place(now => ({ ...now, ...x })), []);
  const [help, set_help] = useState(false);
  const [scheme, set_scheme] = useState<Scheme>("auto");
  useAddress(place, set_place);
  useEffect(() => focus_on("operations"), []);

  const text = place.filter;
  const range = useMemo(
    () => (place.time ? limited(moved(place.time, trace.begin), whole) : whole),
    [place.time, trace, whole],
  );
  const set_range = useCallback(
    (x: Range) => {
      const is_whole = x.begin <= whole.begin && x.end >= whole.end;
      change({ time: is_whole ? undefined : moved(x, -trace.begin) });
    },
    [trace, whole],
  );
  const selected = trace.by_id.get(place.operation);
  const select = (x?: Operation) =>
    set_place(now => (now.operation === (x?.id ?? "") ? now : { ...now, operation: x?.id ?? "", ticket: -1 }));
  const hidden = useMemo(() => new Set(place.hidden), [place.hidden]);

  const settled = useDeferred(text);
  const filter = useMemo(() => read_filter(settled, trace.payload_limit), [settled, trace]);
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
      document.querySelector(".timeline")!.scrollIntoView({ block: "nearest" });
    },
    [set_range, whole],
  );
  const narrow = (word: string) => {
    if (!text.includes(word)) change({ filter: `${text} ${word}`.trim() });
  };
  const passages = useMemo(() => selected && passages_of(selected), [selected]);

  // In a narrow window the details are far below what was pointed at.
  const to_details = () => document.querySelector(".details")?.scrollIntoView({ block: "nearest" });
  const pointed = useRef(false);
  const point = (x?: Operation) => {
    pointed.current = x !== undefined;
    if (x === selected) to_details();
    select(x);
  };
  useEffect(() => {
    if (pointed.current) to_details();
    pointed.current = false;
  }, [selected]);
  // The other list of tickets takes the keyboard from the one that is gone.
  useLayoutEffect(() => {
    if (document.activeElement === document.body) focus_on("tickets");
  }, [place.tab]);
  const close = () => {
    select(undefined);
    focus_on("operations"); // what had the keyboard may be gone
  };
  const enter = () => {
    const found = passages!.list.findIndex(x => is_found(x.text, filter.sought));
    if (place.ticket < 0) change({ ticket: Math.max(0, found) });
    focus_on("tickets");
    to_details();
  };
  const escape = () => {
    if (document.activeElement?.closest(".details")) focus_on("operations");
    else if (place.operation) close();
    else change({ filter: "" });
  };

  const middle = (range.begin + range.end) / 2;
  const step = (range.end - range.begin) / 5;
  useKeys({
    "/": () => focus_on("filter"),
    "?": () => set_help(true),
    Escape: escape,
    "+": () => set_range(zoomed(range, 0.5, middle, whole)),
    "=": () => set_range(zoomed(range, 0.5, middle, whole)),
    "-": () => set_range(zoomed(range, 2, middle, whole)),
    "0": () => set_range(whole),
    z: () => selected && show(selected),
    t: () => selected && change({ tab: other_tab(place.tab) }),
    ArrowLeft: () => set_range(limited(moved(range, -step), whole)),
    ArrowRight: () => set_range(limited(moved(range, step), whole)),
  });
  const on_filter_key = (event: KeyboardEvent) => {
    if (!["Escape", "Enter", "ArrowDown"].includes(event.key)) return;
    event.preventDefault();
    if (event.key === "Escape") change({ filter: "" });
    focus_on("operations");
  };

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
    change({ hidden: hidden.has(x) ? place.hidden.filter(y => y !== x) : [...place.hidden, x] });
  const lost =
    place.operation !== "" && !selected && `This trace has no operation ${place.operation}, which the link names`;
  const few = in_sight.length < trace.operations.length;

  return (
    <main data-operations={in_sight.length} data-filter={settled} data-scheme-shown={shown_scheme}>
      <Top
        trace={trace}
        other_scheme={shown_scheme === "dark" ? "light" : "dark"}
        on_scheme={set_scheme}
        on_help={() => set_help(true)}
      />
      <Notes trace={trace} />
      <div class="bar">
        <input
          id="filter"
          class="filter"
          type="search"
          placeholder="Filter and search ( / ): echo outcome:expired >10ms"
          aria-label="Filter and search"
          aria-describedby="filter-says"
          aria-invalid={filter.problem !== ""}
          spellcheck={false}
          value={text}
          onInput={event => change({ filter: event.currentTarget.value })}
          onKeyDown={on_filter_key}
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
        <span class={filter.problem || lost ? "problem" : "muted says"} id="filter-says" role="status">
          {filter.problem ||
            lost ||
            (few ? `${count_text(in_sight.length)} of ${counted(trace.operations.length, "operation")}` : "")}
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
        on_select={point}
      />
      <div class="split">
        <Table
          trace={trace}
          operations={in_sight}
          selected={selected}
          sort={place.sort}
          on_sort={sort => change({ sort })}
          on_select={select}
          on_point={point}
          on_enter={enter}
          on_open={show}
        />
        {selected ? (
          <Details
            trace={trace}
            operation={selected}
            passages={passages!}
            sought={filter.sought}
            tab={place.tab}
            chosen={place.ticket}
            on_tab={tab => change({ tab })}
            on_choose={ticket => change({ ticket })}
            on_select={point}
            on_close={close}
            on_show={() => show(selected)}
          />
        ) : (
          <Overview trace={trace} operations={in_sight} range={seen} scheme={shown_scheme} on_filter={narrow} />
        )}
      </div>
      <Keys />
      {help && <Help on_close={() => set_help(false)} />}
    </main>
  );
}
