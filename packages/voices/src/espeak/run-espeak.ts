import { spawn } from 'node:child_process';
import { SottoError } from '@sotto/contracts';

export interface EspeakRun {
  /** The program: `espeak-ng`. */
  program: string;
  arguments: readonly string[];
  /** Given to it on stdin. */
  input?: string;
  signal: AbortSignal;
  timeoutMs: number;
  /** More than this on stdout ends it. */
  maxBytes: number;
}

/**
 * Runs espeak-ng without a shell; nothing of it is left when this settles.
 * @returns what it wrote to stdout
 * @throws SottoError `speech_failed` with what it said as its cause; the signal's reason
 */
export async function runEspeak(run: EspeakRun): Promise<Buffer> {
  const { signal, timeoutMs, maxBytes } = run;
  signal.throwIfAborted();
  const stop = new AbortController();
  const limit = setTimeout(() => stop.abort(failed(`did not end within ${timeoutMs / 1000} s`)), timeoutMs);
  const child = spawn(run.program, run.arguments, {
    stdio: ['pipe', 'pipe', 'pipe'],
    signal: AbortSignal.any([signal, stop.signal]),
    killSignal: 'SIGKILL',
  });
  const chunks: Buffer[] = [];
  let bytes = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes) stop.abort(failed(`made more than ${maxBytes} bytes of audio`));
    else chunks.push(chunk);
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2_000);
  });
  // It may end without having read everything: that is seen from how it ends.
  child.stdin.on('error', () => {});
  child.stdin.end(run.input ?? '');
  try {
    const code = await ended(child);
    if (code !== 0) throw failed(`ended with ${code}`, new Error(said.trim()));
    return Buffer.concat(chunks);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (stop.signal.aborted) throw stop.signal.reason;
    throw error instanceof SottoError ? error : failed('cannot be run', error);
  } finally {
    clearTimeout(limit);
  }
}

/** Once the process is gone and its output is read. An aborted one tells of that in `error` before it is gone. */
async function ended(child: ReturnType<typeof spawn>): Promise<number | string | null> {
  let problem: unknown;
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      problem = error;
      if (child.pid === undefined) reject(error);
    });
    child.once('close', (code, killedBy) => (problem === undefined ? resolve(code ?? killedBy) : reject(problem)));
  });
}

const failed = (why: string, cause?: unknown): SottoError =>
  new SottoError('speech_failed', `espeak-ng ${why}.`, { cause });
