// What the keys and the filter can do.

import { useEffect, useRef } from "preact/hooks";
import { filter_help } from "./filter.ts";

const keys: [string, string][] = [
  ["/", "to the filter; Enter leads back to the operations"],
  ["\u2191 \u2193  j k", "the operation, or ticket, above, below"],
  ["PgUp PgDn Home End", "further"],
  ["Enter", "to the tickets of the operation"],
  ["t", "its tickets as a diagram, as a list"],
  ["Esc", "back to the operations, close the operation, clear the filter"],
  ["z", "zoom the timeline to the operation"],
  ["+ \u2212", "zoom in, out"],
  ["\u2190 \u2192", "earlier, later"],
  ["0", "show all of the time"],
  ["Shift \u2190 \u2192", "scroll a table sideways"],
  ["?", "this"],
];

const mouse: [string, string][] = [
  ["wheel", "zooms where the pointer is"],
  ["shift and wheel", "scrolls the lanes"],
  ["drag", "moves; in the strip above the lanes it selects a piece of time"],
  ["double click", "zooms to the operation, or out"],
];

const brief: [string, string][] = [
  ["?", "help"], // first: in a narrow window the last ones are cut off
  ["/", "filter"],
  ["\u2191 \u2193", "select"],
  ["Enter", "tickets"],
  ["Esc", "back"],
  ["z", "zoom to it"],
  ["+ \u2212 0", "zoom"],
  ["\u2190 \u2192", "move"],
];

/** At the foot of the page, so that nobody has to guess that there are keys. */
export function Keys() {
  return (
    <footer class="keys" aria-label="Keys">
      {brief.map(([key, does]) => (
        <span key={key}>
          <kbd>{key}</kbd> {does}
        </span>
      ))}
    </footer>
  );
}

export function Help({ on_close }: { on_close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    dialog.current!.showModal();
    heading.current!.focus(); // at the end, the button would have the dialog scrolled there
  }, []);
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
      aria-labelledby="help-title"
      onClose={on_close}
      onClick={event => event.target === dialog.current && on_close()}
    >
      <h2 id="help-title" ref={heading} tabIndex={-1}>Help</h2>
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
            Payloads are searched as far as the page has them. What is filtered, sorted, selected and zoomed is in the
            address of the page: a link to it shows the same.
          </p>
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
