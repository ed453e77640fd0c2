// "did you mean": as tools/cli/suggestion.cpp has it, so that the page and the program suggest alike.

/** How many letters have to be put in, taken out, replaced, or exchanged with the next one. */
function distance(x: string, y: string): number {
  let before: number[] = []; // the rows of the two letters of x in front
  let last = Array.from({ length: y.length + 1 }, (_, j) => j);
  for (let i = 1; i <= x.length; ++i) {
    const row = [i];
    for (let j = 1; j <= y.length; ++j) {
      row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x[i - 1] === y[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && x[i - 1] === y[j - 2] && x[i - 2] === y[j - 1])
        row[j] = Math.min(row[j], before[j - 2] + 1);
    }
    before = last;
    last = row;
  }
  return last[y.length];
}

/** The one of `names` that is most like `given`; nothing if none is much like it. */
export function most_like(given: string, names: string[]): string | undefined {
  if (given.length > 40) return undefined; // nobody means a name by more
  let best: string | undefined;
  let least = Math.max(Math.floor(given.length / 3), 1) + 1; // so many letters are another word
  for (const name of names) {
    const of = given.length > 1 && name.startsWith(given) ? 1 : distance(given, name);
    if (of < least) [least, best] = [of, name];
  }
  return best;
}
