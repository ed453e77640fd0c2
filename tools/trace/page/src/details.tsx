// One operation: what is known of it, its sequence diagram, its tickets.

import type { ComponentChildren } from "preact";
import { other_tab, type Tab } from "./address.ts";
import { outcome_colour } from "./colours.ts";
import { bytes_text, counted, duration_text, round_text, wall_text } from "./format.ts";
import { Marked } from "./marked.tsx";
import type { Operation, Span, Trace } from "./model.ts";
import type { Passage, Passages } from "./passages.ts";
import { Sequence } from "./sequence.tsx";
import { Tickets } from "./tickets.tsx";

function pretty(text: string): string {
  try {
    const value = JSON.parse(text);
    return typeof value === "string" ? value : JSON.stringify(value, null, 2);
  } catch {
    return text; // cut off, or no payload
  }
}

function Ticket({ x, trace, sought }: { x: Passage; trace: Trace; sought: string[] }) {
  const why =
    x.missing === "limit"
      ? `The page has ${bytes_text(trace.payload_limit)} of each payload (--payload-limit).`
      : x.missing === ""
        ? ""
        : `The trace does not have all of it: ${x.missing}.`;
  return (
    <div class="chosen-ticket" aria-live="polite">
      <div class="muted">
        {x.side
          ? `Noted at the ${x.side}`
          : `${x.kind} ${x.sequence_number}, ${x.to_back ? "front to back" : "back to front"}, ${bytes_text(x.size)}`}
        {x.timeout !== undefined && `, timeout ${round_text(x.timeout * 1e9)}`}
        {x.sent !== undefined && ` \u00b7 ${x.side ? "" : "sent "}${wall_text(trace.base_ns, x.sent)}`}
        {x.sent === undefined && x.received !== undefined && ` \u00b7 received ${wall_text(trace.base_ns, x.received)}`}
      </div>
      {x.text !== "" && (
        <pre>
          <Marked text={pretty(x.text)} sought={sought} />
        </pre>
      )}
      {x.text === "" && why === "" && <div class="muted">No payload.</div>}
      {why && <div class="muted">{why}</div>}
    </div>
  );
}

function Fact({ title, wide, children }: { title: string; wide?: boolean; children: ComponentChildren }) {
  return (
    <div class={`fact ${wide ? "wide" : ""}`}>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function SideFact({ span }: { span: Span }) {
  return (
    <Fact title={`At the ${span.side}`} wide>
      <i class="dot" style={{ background: outcome_colour(span.outcome ?? "not recorded") }} />
      {span.outcome ?? "end not recorded"}
      {span.refused && " (refused)"} after {duration_text(span.duration ?? span.last)}
      {span.inferred && <span class="muted"> (inferred from the tickets)</span>}
      {span.details && <span class="said">: {span.details}</span>}
    </Fact>
  );
}

interface Props {
  trace: Trace;
  operation: Operation;
  passages: Passages;
  sought: string[];
  tab: Tab;
  chosen: number;
  on_tab: (x: Tab) => void;
  on_choose: (index: number) => void;
  on_select: (x: Operation) => void;
  on_close: () => void;
  on_show: () => void;
}

const tabs: [Tab, string][] = [
  ["diagram", "Sequence diagram"],
  ["tickets", "Tickets"],
];

export function Details(props: Props) {
  const { trace, operation, passages, sought, tab, chosen, on_tab, on_choose, on_select, on_close, on_show } = props;
  const { list, skew } = passages;
  const shown = { operation, list, sought, chosen, on_choose };
  const on_tab_key = (event: KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    event.stopPropagation(); // it does not move the timeline
    const other = other_tab(tab);
    on_tab(other);
    document.getElementById(`tab-${other}`)?.focus();
  };
  const link = (x: Operation) => (
    <button class="link" onClick={() => on_select(x)}>
      {x.name} {x.short_id}
    </button>
  );
  const parent = operation.parent ? trace.by_id.get(operation.parent) : undefined;
  const first = operation.front ?? operation.back ?? operation.spans[0];
  const trace_id = operation.spans.find(x => x.trace_id)?.trace_id;
  return (
    <section class="details" aria-label={`Operation ${operation.name} ${operation.short_id}`}>
      <header>
        <h2 title={operation.name}>{operation.name}</h2>
        <code title="The operation's id">{operation.id}</code>
        <span class="grow" />
        <button onClick={on_show} title="Zoom the timeline to it (z)">
          Zoom to it
        </button>
        <button onClick={on_close} title="Back to the overview (Esc)" aria-label="Close">
          {"\u2715"}
        </button>
      </header>
      <dl>
        {operation.spans.map(x => (
          <SideFact key={x.side + x.node} span={x} />
        ))}
        <Fact title="Began">{wall_text(trace.base_ns, operation.begin)}</Fact>
        <Fact title="Carried">
          {counted(operation.tickets, "ticket")}, {bytes_text(operation.bytes)}
        </Fact>
        <Fact title="Subscription">{first.subscription ?? "not recorded"}</Fact>
        <Fact title="Timeout">{first.timeout === undefined ? "not recorded" : round_text(first.timeout * 1e9)}</Fact>
        {trace_id && (
          <Fact title="Trace id" wide>
            <code>{trace_id}</code>
          </Fact>
        )}
        {operation.parent && (
          <Fact title="On behalf of" wide>
            {parent ? link(parent) : <code>{operation.parent}</code>}
          </Fact>
        )}
        {operation.children.length > 0 && (
          <Fact title="Commenced" wide>
            {operation.children.slice(0, 8).map(x => (
              <span key={x.id}>{link(x)} </span>
            ))}
            {operation.children.length > 8 && `and ${operation.children.length - 8} more`}
          </Fact>
        )}
      </dl>
      {skew !== 0 && (
        <p class="hint">
          Tickets arrived before they were sent: the back's clock is {duration_text(Math.abs(skew))}{" "}
          {skew > 0 ? "ahead" : "behind"}. Its times are corrected by that below.
        </p>
      )}
      <div class="tabs" role="tablist" aria-label="Its tickets as" onKeyDown={on_tab_key}>
        {tabs.map(([id, title]) => (
          <button
            key={id}
            id={`tab-${id}`}
            role="tab"
            aria-selected={tab === id}
            aria-controls="passages"
            tabIndex={tab === id ? 0 : -1}
            title="The other one (t)"
            onClick={() => on_tab(id)}
          >
            {title}
          </button>
        ))}
      </div>
      <div id="passages" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === "diagram" ? <Sequence {...shown} /> : <Tickets {...shown} />}
      </div>
      {list[chosen] && <Ticket x={list[chosen]} trace={trace} sought={sought} />}
    </section>
  );
}
