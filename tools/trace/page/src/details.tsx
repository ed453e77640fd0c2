// One operation: what is known of it, its sequence diagram, its tickets.

import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import { outcome_colour } from "./colours.ts";
import { bytes_text, counted, duration_text, round_text, wall_text } from "./format.ts";
import type { Operation, Span, Trace } from "./model.ts";
import { type Passage, passages_of } from "./passages.ts";
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

function Ticket({ x, trace }: { x: Passage; trace: Trace }) {
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
      {x.text !== "" && <pre>{pretty(x.text)}</pre>}
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
  on_select: (x: Operation) => void;
  on_close: () => void;
  on_show: () => void;
}

export function Details({ trace, operation, on_select, on_close, on_show }: Props) {
  const [tab, set_tab] = useState<"diagram" | "tickets">("diagram");
  const [chosen, set_chosen] = useState({ of: operation, index: -1 });
  const { list, skew } = useMemo(() => passages_of(operation), [operation]);
  const index = chosen.of === operation ? chosen.index : -1;
  const choose = (to: number) => set_chosen({ of: operation, index: to });
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
      <div class="tabs" role="tablist">
        <button role="tab" aria-selected={tab === "diagram"} onClick={() => set_tab("diagram")}>
          Sequence diagram
        </button>
        <button role="tab" aria-selected={tab === "tickets"} onClick={() => set_tab("tickets")}>
          Tickets
        </button>
      </div>
      {list.length === 0 ? (
        <p class="nothing">No ticket of it was recorded.</p>
      ) : tab === "diagram" ? (
        <Sequence operation={operation} list={list} chosen={index} on_choose={choose} />
      ) : (
        <Tickets operation={operation} list={list} chosen={index} on_choose={choose} />
      )}
      {index >= 0 && list[index] && <Ticket x={list[index]} trace={trace} />}
    </section>
  );
}
