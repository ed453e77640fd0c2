// Numbers as people read them.

/** Three significant digits and a unit: "812 ns", "12.3 us", "1.05 s". */
export function duration_text(ns: number): string {
  const sign = ns < 0 ? "-" : "";
  const x = Math.abs(ns);
  const in_unit = (unit: number, name: string) => {
    const value = x / unit;
    return `${sign}${value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0)} ${name}`;
  };
  if (x < 1e3) return `${sign}${Math.round(x)} ns`;
  if (x < 999.5e3) return in_unit(1e3, "\u00b5s");
  if (x < 999.5e6) return in_unit(1e6, "ms");
  if (x < 120e9) return in_unit(1e9, "s");
  if (x < 7200e9) return in_unit(60e9, "min");
  return x < 172800e9 ? in_unit(3600e9, "h") : in_unit(86400e9, "d");
}

/** The same without decimals that say nothing: "10 s" where that is meant. */
export const round_text = (ns: number): string => duration_text(ns).replace(/\.0+ /, " ");

/** A time on an axis with steps of `step`: as many decimals as tell the steps apart. */
export function axis_text(ns: number, step: number): string {
  if (ns === 0) return "0";
  const [unit, name] = (
    [
      [1e9, "s"],
      [1e6, "ms"],
      [1e3, "\u00b5s"],
    ] as const
  ).find(x => Math.abs(ns) >= x[0]) ?? [1, "ns"];
  const decimals = Math.max(0, Math.ceil(Math.log10(unit / step) - 1e-9));
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return `${(ns / unit).toLocaleString("en-US", digits)} ${name}`;
}

/** A time since the trace began, in milliseconds with microseconds, as `tandem trace show` has it. */
export const offset_text = (ns: number): string => (ns / 1e6).toFixed(3);

export function bytes_text(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const units = ["KiB", "MiB", "GiB"];
  let x = bytes / 1024;
  let unit = 0;
  for (; x >= 1024 && unit < 2; ++unit) x /= 1024;
  return `${x.toFixed(1)} ${units[unit]}`;
}

const counts = new Intl.NumberFormat("en-US"); // toLocaleString makes one for each number

export const count_text = (x: number): string => counts.format(x);

/** "1 ticket", "1,234 tickets". */
export const counted = (x: number, what: string): string => `${count_text(x)} ${what}${x === 1 ? "" : "s"}`;

/** The time of day, UTC: "2026-11-23 02:45:00.123456 UTC". */
export function wall_text(base_ns: bigint, offset: number): string {
  const ns = base_ns + BigInt(Math.round(offset));
  const millisecond = 1_000_000n;
  const date = new Date(Number(ns / millisecond)).toISOString();
  const micros = ((ns % millisecond) / 1000n).toString().padStart(3, "0");
  return `${date.slice(0, 10)} ${date.slice(11, 23)}${micros} UTC`;
}

/** The share of values in `sorted` that is at most the result; nothing of nothing. */
export function percentile(sorted: number[], share: number): number {
  if (sorted.length === 0) return 0;
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))];
}
