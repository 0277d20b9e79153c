import type { Logger } from './logger.ts';

type Close = () => unknown;

interface Owned {
  name: string;
  close: Close;
  limitMs: number;
}

export interface LifecycleOptions {
  logger: Logger;
  /** After this long, the log says what a stop is waiting for, or what keeps a stopped process running. */
  warnAfterMs?: number;
  /** A process that is still running this long after it stopped is ended by force. */
  lingerMs?: number;
}

/** What has not closed by then is abandoned, as with a SIGKILL: what it waits for may never come back. */
const CLOSE_LIMIT_MS = 10_000;

const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/**
 * The resources of a process, and how it ends.
 *
 * running -> stopping -> stopped. Each resource pushes its own undo when it is opened; `stop` runs the undos in reverse
 * order, one after the other, once, all of them even if some fail, and reports the first error. What is owned during a
 * stop is undone at once. Modelled on graphile-worker's release chain.
 */
export class Lifecycle {
  readonly #logger: Logger;
  readonly #warnAfterMs: number;
  readonly #lingerMs: number;
  readonly #owned: Owned[] = [];
  readonly #stopping = new AbortController();
  #stopped: Promise<void> | null = null;

  constructor(options: LifecycleOptions) {
    this.#logger = options.logger;
    this.#warnAfterMs = options.warnAfterMs ?? 5_000;
    this.#lingerMs = options.lingerMs ?? 10_000;
  }

  /** Aborts when the process begins to stop; its reason is the text given to `stop`. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  get isStopping(): boolean {
    return this.#stopped !== null;
  }

  /**
   * Registers the undo of something just opened. `name` appears in the log when it is slow, fails or passes its limit.
   */
  own(name: string, close: Close, limitMs = CLOSE_LIMIT_MS): void {
    this.#owned.push({ name, close, limitMs });
    // Opened during a stop, as when a start is interrupted: its turn in the chain has passed.
    if (this.isStopping) void this.#undoAll().catch((error) => this.#logger.error('late close failed', { error }));
  }

  /** Undoes everything. Every caller gets the same promise; it rejects with the first error after all undos ran. */
  stop(reason: string): Promise<void> {
    if (this.#stopped === null) {
      this.#logger.info('stopping', { reason });
      this.#stopped = this.#undoAll();
      this.#stopping.abort(reason);
    }
    return this.#stopped;
  }

  async #undoAll(): Promise<void> {
    // Lets a caller that stops from inside a handler finish its turn first.
    await Promise.resolve();
    const errors: unknown[] = [];
    for (let owned = this.#owned.pop(); owned !== undefined; owned = this.#owned.pop()) {
      await this.#undo(owned).catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0) throw errors[0];
  }

  async #undo({ name, close, limitMs }: Owned): Promise<void> {
    const startedMs = performance.now();
    const watch = setInterval(() => {
      this.#logger.warning(`still waiting for ${name} to close`, {
        waitedMs: Math.round(performance.now() - startedMs),
      });
    }, this.#warnAfterMs);
    watch.unref();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`not closed within ${limitMs} ms`)), limitMs);
    });
    try {
      await Promise.race([close(), late]);
    } catch (error) {
      this.#logger.error(`${name} did not close cleanly`, { error });
      throw error;
    } finally {
      clearTimeout(timer);
      clearInterval(watch);
    }
  }

  /**
   * Ends the process on SIGTERM, SIGINT, SIGHUP and on an error nobody handled. A second SIGINT ends it at once (a
   * launcher may add a SIGTERM of its own to the first, so two different signals count once). A process started with
   * an IPC channel also ends when the channel closes: its launcher is gone. Given `onReload`, SIGHUP means that, as for
   * daemons, unless the process runs in a terminal: then the terminal has been closed.
   */
  onSignals({ onReload }: { onReload?: () => void } = {}): void {
    let interrupts = 0;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (signal === 'SIGHUP' && onReload !== undefined && !process.stdin.isTTY) return onReload();
        if (signal === 'SIGINT' && ++interrupts > 1) process.exit(130);
        this.#end(signal, 0);
      });
    }
    if (process.channel) process.on('disconnect', () => this.#end('launcher gone', 0));
    process.on('uncaughtException', (error) => {
      this.#logger.critical('an error was not handled', { error });
      this.#end('uncaught error', 1);
    });
    process.on('unhandledRejection', (error) => {
      this.#logger.critical('a rejection was not handled', { error });
      this.#end('unhandled rejection', 1);
    });
  }

  #end(reason: string, exitCode: number): void {
    process.exitCode = Math.max(Number(process.exitCode ?? 0), exitCode);
    this.stop(reason).then(
      () => this.#watchExit(),
      () => {
        process.exitCode = 1;
        this.#watchExit();
      },
    );
  }

  /**
   * Everything is closed, so Node should exit by itself; if it does not, the log says why, and the process is ended.
   */
  #watchExit(): void {
    this.#logger.info('stopped');
    setTimeout(() => {
      this.#logger.warning(`still running: ${describeActive(process.getActiveResourcesInfo())}`);
    }, this.#warnAfterMs).unref();
    setTimeout(() => {
      this.#logger.error(`ended by force: ${describeActive(process.getActiveResourcesInfo())}`);
      process.exit(process.exitCode === 0 ? 1 : process.exitCode);
    }, this.#lingerMs).unref();
  }
}

const RESOURCE_WORDS: Record<string, string> = {
  TCPSocketWrap: 'open connection',
  TCPServerWrap: 'listening server',
  PipeWrap: 'open pipe',
  ProcessWrap: 'child process',
  Timeout: 'timer',
  Immediate: 'immediate',
  FSReqCallback: 'file operation',
  FSReqPromise: 'file operation',
  FSEventWrap: 'file watcher',
  MessagePort: 'worker thread port',
  Worker: 'worker thread',
  TTYWrap: 'terminal',
};

/** `2 open connections, 1 timer`: what Node's list of active resources means. */
export function describeActive(resources: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const resource of resources) {
    const word = RESOURCE_WORDS[resource] ?? resource;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  if (counts.size === 0) return 'nothing that Node knows of (a native thread?)';
  return [...counts].map(([word, count]) => `${count} ${word}${count === 1 ? '' : 's'}`).join(', ');
}
