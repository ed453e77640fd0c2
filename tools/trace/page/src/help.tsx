// What the keys and the filter can do.

import { useEffect, useRef } from "preact/hooks";
import { filter_help } from "./filter.ts";

const keys: [string, string][] = [
  ["/", "to the filter"],
  ["\u2191 \u2193  j k", "the operation above, below"],
  ["PgUp PgDn Home End", "further"],
  ["Enter  z", "zoom the timeline to the operation"],
  ["Esc", "close the operation, clear the filter"],
  ["+ \u2212", "zoom in, out"],
  ["\u2190 \u2192", "earlier, later"],
  ["0", "show all of the time"],
  ["?", "this"],
];

const mouse: [string, string][] = [
  ["wheel", "zooms where the pointer is"],
  ["shift and wheel", "scrolls the lanes"],
  ["drag", "moves; in the strip above the lanes it selects a piece of time"],
  ["double click", "zooms to the operation, or out"],
];

export function Help({ on_close }: { on_close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current!.showModal(), []);
  const list = (items: [string, string][]) => (
    <dl>
      {items.map(([what, does]) => (
        <div key={what}>
          <dt>
            <kbd>{what}</kbd>
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
  );
  return (
    <dialog
      ref={dialog}
      class="help"
      onClose={on_close}
      onClick={event => event.target === dialog.current && on_close()}
    >
      <h2>Help</h2>
      <div class="columns">
        <div>
          <h3>Keys</h3>
          {list(keys)}
          <h3>Timeline</h3>
          {list(mouse)}
        </div>
        <div>
          <h3>Filter: all words have to match</h3>
          {list(filter_help)}
          <p class="muted">
            In the timeline an operation of which both sides were recorded is a bar, with the back's part at its foot.
            Dashed lines are links that were joined or lost, interrupted or resumed.
          </p>
        </div>
      </div>
      <button onClick={on_close}>Close</button>
    </dialog>
  );
}
