/** Lets one call per interval through, the first one an interval from now; the others are dropped. */
export function atMostEvery<A extends unknown[]>(intervalMs: number, call: (...args: A) => void): (...args: A) => void {
  let lastMs = performance.now();
  return (...args) => {
    if (performance.now() - lastMs < intervalMs) return;
    lastMs = performance.now();
    call(...args);
  };
}
