export interface StopSignals {
  /** Aborts at the first wish to stop. */
  signal: AbortSignal;
  /** Ends the listening; Node's own handling is back. */
  release(): void;
}

const PARENT_CHECK_MS = 1_000;

/**
 * Ctrl-C, SIGTERM and the end of the terminal mean: stop in order. A second Ctrl-C means: now (`onImpatience`). The end
 * of an npm that started us means the first: a SIGTERM sent to it reaches the shell in between and no further.
 */
export function listenForStop(onImpatience: () => void): StopSignals {
  const controller = new AbortController();
  let interrupts = 0;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (signal === 'SIGINT') interrupts += 1;
    if (interrupts > 1) onImpatience();
    controller.abort(signal);
  };
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, onSignal);
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.env.npm_lifecycle_event !== undefined && process.ppid !== parent) controller.abort('npm has ended');
  }, PARENT_CHECK_MS);
  watch.unref();
  return {
    signal: controller.signal,
    release: () => {
      clearInterval(watch);
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
