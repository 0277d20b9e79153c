import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import { SottoError } from '@sotto/contracts';
import { caged } from './cage.ts';
import { CAGE_FAILED } from './cage-script.ts';
import type { MediaTools } from './ffmpeg-binary.ts';

/** Kept of stderr: its beginning (what the file declares) and its end (what went wrong). */
const STDERR_HEAD_CHARACTERS = 16_384;
const STDERR_TAIL_CHARACTERS = 16_384;
/** Address space of ffmpeg; Debian's build maps some 300 MB of libraries before it does anything. */
const MAX_ADDRESS_BYTES = 4 * 1024 ** 3;
/** The kernel's limit of processor time only holds when the worker, which watches it too, cannot. */
const SPARE_CPU_SECONDS = 10;

export interface FfmpegPlace {
  /** The one file that it may read, where there is a cage. */
  mediaPath: string;
  maxCpuSeconds: number;
  inBackground: boolean;
  /** It reads samples that are written to `stdin`; absent: it has none. */
  takesInput?: boolean;
}

/**
 * One ffmpeg, from start to end: running -> ended (by itself, by a signal, by `kill`). It has no stdin unless it takes input, an empty
 * environment (no credentials to find), a low priority when nobody waits for it, and, where prlimit exists, may create
 * no file and use no more than a set amount of memory and processor time. In a cage it can read nothing but its file,
 * and open no connection.
 */
export class FfmpegProcess {
  readonly #child: ChildProcessByStdio<Writable | null, Readable, Readable>;
  readonly #ended: Promise<number | null>;
  #head = '';
  #tail = '';
  /** Something between the two was dropped. */
  #isTorn = false;

  constructor(tools: MediaTools, args: string[], { mediaPath, maxCpuSeconds, inBackground, takesInput }: FfmpegPlace) {
    const [program = '', ...allArgs] = limited(tools, locked(tools, mediaPath, args), maxCpuSeconds);
    const options = { env: {}, windowsHide: true };
    this.#child = takesInput
      ? spawn(program, allArgs, { ...options, stdio: ['pipe', 'pipe', 'pipe'] })
      : spawn(program, allArgs, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    if (inBackground) lowerPriority(this.#child.pid);
    this.#child.stderr.setEncoding('utf8');
    this.#child.stderr.on('data', (text: string) => this.#keep(text));
    this.#ended = once(this.#child, 'close').then(([code]: (number | null)[]) => code ?? null);
    // Whoever awaits `ended` gets the error; until then, a process that could not be started is no unhandled rejection.
    this.#ended.catch(() => undefined);
  }

  /** undefined: it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Not by `kill`: by the system, short of memory, or by its operator; what it had decoded says nothing of the file. */
  get wasKilled(): boolean {
    return this.#child.signalCode === 'SIGKILL';
  }

  /** @throws SottoError `internal_error` where how it ended says nothing of the file */
  mustHaveRun(exitCode: number | null): void {
    if (this.wasKilled) throw new SottoError('internal_error', 'The decoder was killed.');
    if (exitCode === CAGE_FAILED) throw new SottoError('internal_error', 'The decoder could not be locked in.');
  }

  get stdin(): Writable {
    if (this.#child.stdin === null) throw new Error('This ffmpeg takes no input.');
    return this.#child.stdin;
  }

  get stdout(): Readable {
    return this.#child.stdout;
  }

  /** In whole lines, except where ffmpeg itself left one unfinished. */
  get stderr(): string {
    if (!this.#isTorn) return this.#head + this.#tail;
    const head = this.#head.slice(0, this.#head.lastIndexOf('\n') + 1);
    return head + this.#tail.slice(this.#tail.indexOf('\n') + 1);
  }

  /** The exit code once all output was read; null after a signal. */
  get ended(): Promise<number | null> {
    return this.#ended;
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    this.#child.stdout.destroy();
    await this.#ended.catch(() => undefined);
  }

  #keep(text: string): void {
    const room = STDERR_HEAD_CHARACTERS - this.#head.length;
    this.#head += text.slice(0, room);
    const tail = this.#tail + text.slice(room);
    this.#tail = tail.slice(-STDERR_TAIL_CHARACTERS);
    this.#isTorn ||= tail.length > this.#tail.length;
  }
}

function locked({ cage, ffmpegPath }: MediaTools, mediaPath: string, args: string[]): string[] {
  return cage === null ? [ffmpegPath, ...args] : caged(cage, mediaPath, ffmpegPath, args);
}

function limited({ prlimitPath }: MediaTools, command: string[], maxCpuSeconds: number): string[] {
  if (prlimitPath === null) return command;
  const limits = [
    `--as=${MAX_ADDRESS_BYTES}`,
    `--cpu=${Math.ceil(maxCpuSeconds) + SPARE_CPU_SECONDS}`,
    '--fsize=0',
    '--core=0',
  ];
  return [prlimitPath, ...limits, ...command];
}

function lowerPriority(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW);
  } catch {
    // It has already ended, or the system does not allow it; a low priority is only a courtesy.
  }
}
