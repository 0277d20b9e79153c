import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { SottoError } from '@sotto/contracts';
import pLimit from 'p-limit';
import type { Rendered, RendererName, StoredTranscript } from './renderer.ts';

/** Sent to a thread, which replies with a RenderReply. */
export interface RenderTask extends StoredTranscript {
  renderer: RendererName;
  options: unknown;
}

export type RenderReply = Rendered<Uint8Array<ArrayBuffer>> | { error: Error };

export interface RenderThreadsOptions {
  /** The module that the threads run; see render-thread.ts. */
  file: URL;
  /** The most that run at a time. */
  threads?: number;
  /** Tasks that may wait for a free thread; more are refused. */
  waiting?: number;
  /** A thread that has been idle for this long ends, which frees its memory. */
  idleMs?: number;
}

const RETRY_SECONDS = 2;

/**
 * Threads that render long results, so that the event loop is not blocked meanwhile. They start when there is work and do
 * not keep the process alive. A thread that dies fails only the task it had; the next task gets a new thread.
 */
export class RenderThreads {
  readonly #file: URL;
  readonly #waiting: number;
  readonly #idleMs: number;
  readonly #limit: ReturnType<typeof pLimit>;
  readonly #idle: RenderThread[] = [];
  readonly #all = new Set<RenderThread>();

  constructor({ file, threads = 2, waiting = 64, idleMs = 30_000 }: RenderThreadsOptions) {
    this.#file = file;
    this.#waiting = waiting;
    this.#idleMs = idleMs;
    this.#limit = pLimit(threads);
  }

  /** How many run at present. */
  get size(): number {
    return this.#all.size;
  }

  /**
   * @param load called once a thread is free, so that waiting tasks take no memory. null: there is nothing to render.
   * @throws SottoError `service_full`; Error when the renderer failed or its thread died.
   */
  async run(load: () => Promise<RenderTask | null>): Promise<Rendered<Buffer> | null> {
    if (this.#limit.pendingCount >= this.#waiting) {
      throw new SottoError('service_full', 'Too many long results are being rendered.', {
        retryAfterSeconds: RETRY_SECONDS,
      });
    }
    return this.#limit(async () => {
      const task = await load();
      return task === null ? null : this.#render(task);
    });
  }

  /** Ends all threads; unfinished tasks fail. */
  async close(): Promise<void> {
    await Promise.all([...this.#all].map((thread) => thread.end()));
  }

  async #render(task: RenderTask): Promise<Rendered<Buffer>> {
    const thread = this.#idle.pop() ?? this.#start();
    try {
      const { body, facts } = await thread.render(task);
      return { body: Buffer.from(body.buffer, body.byteOffset, body.byteLength), facts };
    } finally {
      if (this.#all.has(thread)) this.#rest(thread);
    }
  }

  #start(): RenderThread {
    const thread = new RenderThread(this.#file, () => {
      this.#all.delete(thread);
      const at = this.#idle.indexOf(thread);
      if (at >= 0) this.#idle.splice(at, 1);
    });
    this.#all.add(thread);
    return thread;
  }

  #rest(thread: RenderThread): void {
    this.#idle.push(thread);
    thread.endAfter(this.#idleMs);
  }
}

/** idle <-> rendering -> gone, by itself or by `end`. One task at a time. */
class RenderThread {
  readonly #worker: Worker;
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(file: URL, onGone: () => void) {
    this.#worker = new Worker(file);
    this.#worker.unref();
    // A thread ends after an error.
    this.#worker.on('error', onGone);
    this.#worker.on('exit', onGone);
  }

  async render({ stored, ...task }: RenderTask): Promise<Rendered<Uint8Array<ArrayBuffer>>> {
    clearTimeout(this.#idleTimer);
    // A copy, because it is moved to the thread: the client of Redis may reuse the buffer that the bytes are in.
    const bytes = new Uint8Array(stored.bytes);
    const over = new AbortController();
    const { signal } = over;
    try {
      const answer = Promise.race([
        once(this.#worker, 'message', { signal }).then(([message]) => message as RenderReply),
        once(this.#worker, 'exit', { signal }).then(([code]) => ({
          error: new Error(`The thread exited with code ${code}.`),
        })),
      ]);
      this.#worker.postMessage({ ...task, stored: { ...stored, bytes } }, [bytes.buffer]);
      return renderedOf(await answer);
    } finally {
      over.abort();
    }
  }

  endAfter(idleMs: number): void {
    this.#idleTimer = setTimeout(() => void this.end(), idleMs);
    this.#idleTimer.unref();
  }

  async end(): Promise<void> {
    clearTimeout(this.#idleTimer);
    await this.#worker.terminate();
  }
}

function renderedOf(answer: RenderReply): Rendered<Uint8Array<ArrayBuffer>> {
  if ('error' in answer) throw new Error('A result could not be rendered.', { cause: answer.error });
  return answer;
}
