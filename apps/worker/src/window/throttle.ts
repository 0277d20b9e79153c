/** Passes on at most one call per interval, beginning one interval from now; the others are dropped. */
export function atMostEvery<A extends unknown[]>(intervalMs: number, call: (...args: A) => void): (...args: A) => void {
  let lastMs = performance.now();
  return (...args) => {
    if (performance.now() - lastMs < intervalMs) return;
    lastMs = performance.now();
    call(...args);
  };
}
