const PREFIX = 'sotto.';

/**
 * Runs `work` in one tab only: in this one, or not at all where another is at it. Without locks (a service without TLS on
 * another machine) nobody can tell, and it runs here.
 *
 * @returns whether it ran here.
 */
export async function aloneInBrowser(name: string, work: () => Promise<void>): Promise<boolean> {
  if (!('locks' in navigator)) {
    await work();
    return true;
  }
  return navigator.locks.request(PREFIX + name, { ifAvailable: true }, async (lock) => {
    if (lock === null) return false;
    await work();
    return true;
  });
}

/** Tells other tabs that this one is at it. @returns lets go. */
export function holdInBrowser(name: string): () => void {
  if (!('locks' in navigator)) return () => {};
  const { promise, resolve } = Promise.withResolvers<void>();
  void navigator.locks.request(PREFIX + name, () => promise);
  return resolve;
}

/** Whether no tab is at it, at the latest after a while: the browser may not have noticed yet that one is gone. */
export async function becomesFree(name: string, withinMs: number): Promise<boolean> {
  if (!('locks' in navigator)) return true;
  const options = { mode: 'shared', signal: AbortSignal.timeout(withinMs) } as const;
  return navigator.locks.request(PREFIX + name, options, () => true).catch(() => false);
}

/** What any tab is at. */
export async function heldInBrowser(): Promise<Set<string>> {
  if (!('locks' in navigator)) return new Set();
  const { held = [] } = await navigator.locks.query();
  return new Set(held.map(({ name = '' }) => name.slice(PREFIX.length)));
}
