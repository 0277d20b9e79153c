/** How the engine's work is laid out on the processor. */
export interface Capacity {
  /** Windows decoded at once, each with memory of its own. */
  states: number;
  threadsPerState: number;
}

/** More threads than this bring little to one window. */
const USEFUL_THREADS = 4;

/**
 * states x threads never exceeds the cores: with one thread too many, all wait at every barrier for the one that has no
 * core, which costs up to 14x. A wish of 0 means "choose".
 * @param cores whole cores this process may use
 */
export function planCapacity(cores: number, wish: { states: number; threads: number }): Capacity {
  const states = wish.states > 0 ? Math.min(wish.states, cores) : null;
  const threads = wish.threads > 0 ? Math.min(wish.threads, Math.floor(cores / (states ?? 1))) : null;
  const threadsPerState = threads ?? (states === null ? Math.min(USEFUL_THREADS, cores) : Math.floor(cores / states));
  return { states: states ?? Math.max(1, Math.floor(cores / threadsPerState)), threadsPerState };
}
