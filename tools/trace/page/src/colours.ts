// Colours for what is drawn on a canvas; style.css has them, for both schemes.

import type { Outcome } from "./model.ts";

export interface Colours {
  outcome: Record<Outcome, string>;
  text: string;
  muted: string;
  line: string;
  surface: string;
  raised: string;
  accent: string;
}

export const outcome_variable = (x: Outcome) => `--${x.replaceAll(" ", "-")}`;
export const outcome_colour = (x: Outcome) => `var(${outcome_variable(x)})`;

export function read_colours(outcomes: Outcome[]): Colours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(name).trim();
  const outcome = {} as Record<Outcome, string>;
  for (const x of outcomes) outcome[x] = of(outcome_variable(x));
  return {
    outcome,
    text: of("--text"),
    muted: of("--muted"),
    line: of("--line"),
    surface: of("--surface"),
    raised: of("--raised"),
    accent: of("--accent"),
  };
}
