import { useEffect, useState } from "preact/hooks";

/** The value as it was when it last stood still for a moment; what is costly follows this one. */
export function useDeferred<T>(value: T): T {
  const [settled, set_settled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => set_settled(() => value), 80);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}
