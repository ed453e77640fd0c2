// The keys of the whole page. Lists have theirs in virtual_list.tsx.

import { useEffect, useRef } from "preact/hooks";
import { step_of } from "./virtual_list.tsx";

/** Gives the keyboard to the element with this id, if it is there. */
export function focus_on(id: "filter" | "operations" | "tickets") {
  const element = document.getElementById(id);
  element?.focus();
  if (element instanceof HTMLInputElement) element.select();
}

/** Calls the action of a key that is pressed anywhere but in the filter or a dialog. */
export function useKeys(actions: Record<string, () => void>) {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const on_key = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.target instanceof HTMLInputElement || document.querySelector("dialog[open]")) return;
      const action = latest.current[event.key];
      if (action) {
        event.preventDefault();
        action();
      } else if (event.target === document.body || event.target instanceof HTMLCanvasElement) {
        // Whoever has clicked beside the table, or into the timeline, goes on from there with the arrows.
        if (step_of(event, 1) === undefined && event.key !== "Enter") return;
        event.preventDefault();
        focus_on("operations");
        document.getElementById("operations")!.dispatchEvent(new KeyboardEvent("keydown", { key: event.key }));
      }
    };
    window.addEventListener("keydown", on_key);
    return () => window.removeEventListener("keydown", on_key);
  }, []);
}
