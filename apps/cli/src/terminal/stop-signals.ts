export interface StopSignals {
  /** Aborts at the first wish to stop. */
  signal: AbortSignal;
  /** Ends the listening; Node's own handling is back. */
  release(): void;
}

/**
 * Ctrl-C, SIGTERM and the end of the terminal mean: stop in order. A second Ctrl-C means: now (`onImpatience`).
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
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of signals) process.off(signal, onSignal);
    },
  };
}
