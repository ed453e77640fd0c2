import { useEffect, useState } from "preact/hooks";

/** The value as it was when it last stood still for `ms` milliseconds; what is costly follows this one. */
export function useDeferred<T>(value: T, ms = 80): T {
  const [settled, set_settled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set_settled(() => value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
