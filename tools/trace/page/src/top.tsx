// What the page is about: files, how much, when.

import { counted, duration_text, wall_text } from "./format.ts";
import type { Trace } from "./model.ts";

interface Props {
  trace: Trace;
  other_scheme: "light" | "dark";
  on_scheme: (x: "light" | "dark") => void;
  on_help: () => void;
}

export function Top({ trace, other_scheme, on_scheme, on_help }: Props) {
  const length = trace.first === "" ? "no record" : duration_text(trace.end - trace.begin);
  return (
    <header class="top">
      <h1>Tandem trace</h1>
      <span class="files" title={trace.files.join("\n")}>
        {trace.files.join(", ")}
      </span>
      <span class="muted">
        {counted(trace.operations.length, "operation")}, {counted(trace.tickets, "ticket")}, {length}
      </span>
      {trace.first !== "" && (
        <span class="muted zero" title={`The first of all records: ${trace.first}`}>
          <span class="when">Time zero: {wall_text(trace.base_ns, trace.begin)}</span>, {trace.first}
        </span>
      )}
      <span class="grow" />
      <button title="Light or dark" onClick={() => on_scheme(other_scheme)}>
        {other_scheme === "light" ? "Light" : "Dark"}
      </button>
      <button title="Keys and filter (?)" onClick={on_help}>
        Help
      </button>
    </header>
  );
}

export function Notes({ trace }: { trace: Trace }) {
  if (trace.notes.length === 0 && trace.left_out === 0) return null;
  return (
    <details class="notes">
      <summary>
        {trace.left_out > 0 ? `${counted(trace.left_out, "ticket")} left out; ` : ""}
        {counted(trace.notes.length, "note")} about the files
      </summary>
      {trace.notes.map(x => (
        <div key={x}>{x.replace(/^tandem: /, "")}</div>
      ))}
    </details>
  );
}
