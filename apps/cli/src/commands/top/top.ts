import { setTimeout as delay } from 'node:timers/promises';
import type { AdminOptions } from '../../connection/admin.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { result, survivesClosedOutput } from '../../terminal/output.ts';
import { listenForStop } from '../../terminal/stop-signals.ts';
import { screenOf } from './screen.ts';
import { takeSnapshot } from './snapshot.ts';

export interface TopOptions extends AdminOptions {
  once?: boolean;
  json?: boolean;
  /** Seconds between two looks. */
  interval: number;
}

/** Cursor to the top left, and everything below it cleared: the terminal keeps what was there before. */
const REDRAW = '\x1b[H\x1b[J';

/** Shows the service until Ctrl-C, or once where nobody could see it change. */
export async function top(options: TopOptions): Promise<ExitCode> {
  survivesClosedOutput();
  const stop = listenForStop(() => {});
  const isLive = !options.once && process.stdout.isTTY === true;
  try {
    for (;;) {
      const snapshot = await takeSnapshot(options);
      const text = options.json ? JSON.stringify(snapshot, null, isLive ? 0 : 2) : screenOf(snapshot);
      result(isLive && !options.json ? `${REDRAW}${text}` : text);
      if (!isLive) return EXIT.ok;
      await delay(options.interval * 1_000, undefined, { signal: stop.signal });
    }
  } catch (error) {
    if (stop.signal.aborted) return EXIT.ok;
    throw error;
  } finally {
    stop.release();
  }
}
