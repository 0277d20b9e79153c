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

/** Each occupies a thread of libuv's pool of four, which files and checksums need, too. */
const SPEAKER_THREADS = 2;

/** How many calls of the networks that hear speakers may work at once. */
export const speakerThreads = (cores: number): number => Math.max(1, Math.min(cores, SPEAKER_THREADS));
