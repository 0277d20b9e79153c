import { once } from 'node:events';
import { parentPort, type ResourceLimits, type Transferable, Worker, workerData } from 'node:worker_threads';
import { SottoError, type SottoErrorOptions } from '@sotto/contracts';

/** One piece of work that would hold up the event loop. */
export interface ThreadTask<Task> {
  /** The module that does it, by `answerTask`. */
  file: URL;
  task: Task;
  /** What is moved there, and cannot be used afterwards. */
  transfer?: readonly Transferable[];
  limits?: ResourceLimits;
}

type Reply<Answer> = { answer: Answer } | { refusal: Pick<SottoError, 'code' | 'detail'> & SottoErrorOptions };

/**
 * Does it on a thread of its own, which ends with it.
 *
 * @throws SottoError as the thread threw it; the signal's reason; Error when the thread fails
 */
export async function onThread<Task, Answer>(
  { file, task, transfer = [], limits = {} }: ThreadTask<Task>,
  signal: AbortSignal,
): Promise<Answer> {
  const thread = new Worker(file, { workerData: task, transferList: [...transfer], resourceLimits: limits });
  try {
    const [reply] = (await Promise.race([
      once(thread, 'message', { signal }),
      once(thread, 'exit', { signal }).then(([code]) => {
        throw new Error(`The thread ended with code ${code}.`);
      }),
    ])) as [Reply<Answer>];
    if ('answer' in reply) return reply.answer;
    const { code, detail, ...options } = reply.refusal;
    throw new SottoError(code, detail, options);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await thread.terminate();
  }
}

/** The other side: a module that does what it was started with. An error that is not ours ends the thread. */
export async function answerTask<Task, Answer>(work: (task: Task) => Answer | Promise<Answer>): Promise<void> {
  const reply = (message: Reply<Answer>) => parentPort?.postMessage(message);
  try {
    reply({ answer: await work(workerData as Task) });
  } catch (error) {
    if (!(error instanceof SottoError)) throw error;
    const { code, detail, fields } = error;
    reply({ refusal: { code, detail, fields } });
  }
}
