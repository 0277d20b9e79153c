/** More threads than this did not help one engine in any measurement; a larger machine runs several workers. */
const USEFUL_THREADS = 16;

/**
 * With one thread too many, all of them wait at every barrier for the one without a core.
 * @param cores whole cores this process may use
 * @param wish 0: choose
 */
export function engineThreads(cores: number, wish: number): number {
  return Math.max(1, Math.min(cores, wish > 0 ? wish : USEFUL_THREADS));
}
