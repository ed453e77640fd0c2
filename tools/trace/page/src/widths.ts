// How wide texts are, so that columns show the longest of theirs whole.

let context: CanvasRenderingContext2D | undefined;

export const page_font = () => getComputedStyle(document.body).font;

/** In pixels, of the widest of `texts`. */
export function widest(texts: string[], font = page_font()): number {
  context ??= document.createElement("canvas").getContext("2d")!;
  context.font = font;
  return Math.ceil(texts.reduce((most, x) => Math.max(most, context!.measureText(x).width), 0));
}

/** About as wide as any: the greatest of a column need not be its widest, since units differ. */
export const some_duration = "00.00 min";
export const some_bytes = "1,023.9 KiB";
