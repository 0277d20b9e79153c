import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { SottoError } from '@sotto/contracts';
import type { FromProcess, ProcessSetup, SpeakRequest, ToProcess } from './protocol.ts';

const IS_SOURCE = import.meta.url.endsWith('.ts');
const MAIN = new URL(IS_SOURCE ? '../../dev/sherpa-main.mjs' : './main.js', import.meta.url);

const LOAD_TIMEOUT_MS = 120_000;
const SPEAK_TIMEOUT_MS = 180_000;
/** What is aborted may end by itself this long, which is cheaper than loading the model again. */
const STOP_TIMEOUT_MS = 1_000;

type Answer = Exclude<FromProcess, { kind: 'failed' }>;

interface Waiting {
  resolve(answer: Answer): void;
  reject(error: SottoError): void;
}

/**
 * A process with a loaded model. It lives from `start` until it is killed, dies, or this process ends; what is asked for at that moment
 * fails with `speech_failed`, which has what the process said on stderr as its cause.
 */
export class EngineProcess {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  #waiting: Waiting | null = null;
  #said = '';
  #isAlive = true;

  private constructor() {
    const env = { PATH: process.env.PATH ?? '', TMPDIR: process.env.TMPDIR ?? '/tmp' };
    const stdio: ['ignore', 'ignore', 'pipe', 'ipc'] = ['ignore', 'ignore', 'pipe', 'ipc'];
    this.#child = fork(MAIN, { serialization: 'advanced', execArgv: [], env, stdio });
    // Its warnings (a phoneme that the model does not have, for each) are noise; the last ones explain a death.
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-2_000);
    });
    this.#child.on('message', (message: FromProcess) => this.#settle(message));
    this.#child.on('error', (error) => this.#die(`cannot be run (${error.message})`));
    this.#gone = once(this.#child, 'close').then(([code, signal]) => this.#die(`ended with ${code ?? signal}`));
    this.#gone.catch(() => {});
  }

  /** @throws SottoError `speech_failed` when the model cannot be loaded; the process is gone then */
  static async start(setup: ProcessSetup): Promise<EngineProcess> {
    const engine = new EngineProcess();
    try {
      await engine.#ask({ kind: 'setup', setup }, LOAD_TIMEOUT_MS);
      return engine;
    } catch (error) {
      await engine.kill();
      throw error;
    }
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Of the process, for whoever looks at its memory. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /**
   * One at a time. After the signal fired, what comes is to be thrown away, and the process may be gone.
   * @throws SottoError `speech_failed`
   */
  async speak(request: SpeakRequest, signal: AbortSignal): Promise<{ samples: Int16Array; sampleRateHz: number }> {
    let limit: NodeJS.Timeout | undefined;
    const stop = () => {
      this.#send({ kind: 'stop', id: request.id });
      limit = setTimeout(() => void this.kill(), STOP_TIMEOUT_MS);
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      const answer = await this.#ask({ kind: 'speak', request }, SPEAK_TIMEOUT_MS);
      if (answer.kind === 'spoken' && answer.id === request.id) return answer;
      throw failed('answered something else than it was asked');
    } finally {
      clearTimeout(limit);
      signal.removeEventListener('abort', stop);
    }
  }

  /** Ends it at once; nothing of it is left afterwards. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#gone.catch(() => {});
  }

  async #ask(message: ToProcess, timeoutMs: number): Promise<Answer> {
    if (!this.#isAlive) throw failed('is not running');
    const limit = setTimeout(() => {
      this.#said = `${this.#said}\nnothing came within ${timeoutMs / 1000} s`;
      void this.kill();
    }, timeoutMs);
    try {
      return await new Promise<Answer>((resolve, reject) => {
        this.#waiting = { resolve, reject };
        this.#send(message);
      });
    } finally {
      this.#waiting = null;
      clearTimeout(limit);
    }
  }

  #send(message: ToProcess): void {
    // One that is just dying has its death told by its end.
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #settle(message: FromProcess): void {
    if (message.kind === 'failed') this.#waiting?.reject(failed(`says: ${message.reason}`, this.#cause()));
    else this.#waiting?.resolve(message);
  }

  #die(how: string): void {
    this.#isAlive = false;
    this.#waiting?.reject(failed(how, this.#cause()));
  }

  #cause(): Error | undefined {
    const said = this.#said.trim();
    return said === '' ? undefined : new Error(said);
  }
}

const failed = (how: string, cause?: Error): SottoError =>
  new SottoError('speech_failed', `The voice's process ${how}.`, { cause });
