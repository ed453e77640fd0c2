// What the page shows, in the fragment of its address: a link to it shows the same.

import { useEffect, useRef } from "preact/hooks";
import { useDeferred } from "./deferred.ts";
import { all_outcomes, type Outcome } from "./model.ts";
import type { Range } from "./timeline_draw.ts";

export type Tab = "diagram" | "tickets";

export const other_tab = (x: Tab): Tab => (x === "diagram" ? "tickets" : "diagram");

export interface Sort {
  column: string;
  down: boolean;
}

export interface Place {
  filter: string;
  hidden: Outcome[];
  operation: string; // its id; "": none is selected
  ticket: number; // in the list of its tickets; -1: none
  tab: Tab;
  time?: Range; // in sight, nanoseconds since time zero; nothing: all of it
  sort: Sort;
}

export const nowhere: Place = {
  filter: "",
  hidden: [],
  operation: "",
  ticket: -1,
  tab: "diagram",
  sort: { column: "begin", down: false },
};

/** What a fragment says; what it says wrongly is passed over, since people cut and mend links. */
export function read_place(fragment: string): Place {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const [begin, end] = (given.get("time") ?? "").split("..").map(Number);
  const ticket = given.get("ticket") ?? "";
  const [column, direction] = (given.get("sort") ?? "begin").split(" ");
  return {
    filter: given.get("filter") ?? "",
    hidden: all_outcomes.filter(x => given.get("hide")?.split(",").includes(x)),
    operation: given.get("operation") ?? "",
    ticket: /^\d{1,9}$/.test(ticket) ? Number(ticket) : -1,
    tab: given.get("tab") === "tickets" ? "tickets" : "diagram",
    time: end > begin ? { begin, end } : undefined,
    sort: { column, down: direction === "down" },
  };
}

/** Only what is not as it is at first. */
export function fragment_of(x: Place): string {
  const result = new URLSearchParams();
  if (x.filter) result.set("filter", x.filter);
  if (x.hidden.length > 0) result.set("hide", x.hidden.join(","));
  if (x.operation) result.set("operation", x.operation);
  if (x.operation && x.ticket >= 0) result.set("ticket", String(x.ticket));
  if (x.tab !== nowhere.tab) result.set("tab", x.tab);
  if (x.time) result.set("time", `${Math.floor(x.time.begin)}..${Math.ceil(x.time.end)}`);
  if (x.sort.column !== "begin" || x.sort.down) result.set("sort", x.sort.column + (x.sort.down ? " down" : ""));
  return result.toString();
}

/** Keeps the address as `place` is, and calls `on_other` when somebody has put in another one. */
export function useAddress(place: Place, on_other: (place: Place) => void) {
  // Later: browsers refuse to change the address more than some ten times in a second.
  const fragment = useDeferred(fragment_of(place), 250);
  const latest = useRef(on_other);
  latest.current = on_other;
  useEffect(() => {
    if (location.hash.replace(/^#/, "") !== fragment)
      history.replaceState(null, "", location.href.replace(/#.*/s, "") + (fragment && `#${fragment}`));
  }, [fragment]);
  useEffect(() => {
    const on_change = () => latest.current(read_place(location.hash));
    window.addEventListener("hashchange", on_change);
    return () => window.removeEventListener("hashchange", on_change);
  }, []);
}
