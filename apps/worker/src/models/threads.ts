/** More than this were never measured to help one engine; a larger machine runs several workers. */
const USEFUL_THREADS = 16;

/**
 * With one thread too many, all wait at every barrier for the one that has no core.
 * @param cores whole cores this process may use
 * @param wish 0: choose
 */
export function engineThreads(cores: number, wish: number): number {
  return Math.max(1, Math.min(cores, wish > 0 ? wish : USEFUL_THREADS));
}
