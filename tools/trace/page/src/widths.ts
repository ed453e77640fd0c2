// How wide texts are, so that columns show the widest of theirs whole.

let context: CanvasRenderingContext2D | undefined;

/** In pixels, of the widest of `texts`. `family`: the variable of style.css that names it. */
export function widest(texts: Iterable<string>, size = "13px", family = "--sans"): number {
  context ??= document.createElement("canvas").getContext("2d")!;
  context.font = `${size} ${getComputedStyle(document.documentElement).getPropertyValue(family)}`;
  let most = 0;
  for (const x of texts) most = Math.max(most, context.measureText(x).width);
  return Math.ceil(most);
}

/** Texts of numbers by how they look: digits are all as wide as 0, so that few of 100,000 have to be measured. */
export function shapes<T>(items: T[], text: (x: T) => string): Set<string> {
  const result = new Set<string>();
  for (const x of items) result.add(text(x).replace(/\d/g, "0"));
  return result;
}

const padding = 14; // of a cell, both sides

/** A column's width: its widest text, or its title. */
export const column_width = (widest_text: number, title: string) =>
  padding + Math.max(widest_text, widest([title], "600 12px"));
