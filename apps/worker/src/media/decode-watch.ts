import { readFileSync } from 'node:fs';
import { SottoError } from '@sotto/contracts';

/** A decoder as the kernel sees it. */
interface ProcessState {
  /** User and system time since it started. */
  cpuMs: number;
  /** Stopped by SIGSTOP, a terminal or a debugger; or it would work, and others have the processor. */
  isHeldUp: boolean;
}

/** Linux counts processor time in hundredths of a second here, on every architecture that Node runs on. */
const MS_PER_TICK = 10;
const LONGEST_LOOK_MS = 500;

/**
 * Ends a decoding that takes too much: `limitMs` of processor time, or as long without a sign of progress, which is
 * output or, where /proc tells, processor time. Neither counts a loaded or suspended machine, a process that is stopped or gets no processor, or
 * the time from `rest` to `resume`, when nobody asks for more. States: watching <-> resting -> stopped.
 */
export class DecodeWatch {
  readonly #pid: number | undefined;
  readonly #limitMs: number;
  readonly #intervalMs: number;
  readonly #over = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #isResting = false;
  #cpuMs = 0;
  #idleMs = 0;
  #lastMs = performance.now();

  constructor(pid: number | undefined, limitMs: number) {
    this.#pid = pid;
    this.#limitMs = limitMs;
    this.#intervalMs = Math.min(LONGEST_LOOK_MS, limitMs / 10);
    this.#timer = setInterval(() => this.#look(), this.#intervalMs);
  }

  /** Aborts with SottoError decode_timeout. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** There is output, and no more is asked for. */
  rest(): void {
    this.#isResting = true;
  }

  resume(): void {
    this.#isResting = false;
    this.#idleMs = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #look(): void {
    const nowMs = performance.now();
    // A late look says that this process was stopped, or the machine busy or asleep.
    const passedMs = Math.min(nowMs - this.#lastMs, 2 * this.#intervalMs);
    this.#lastMs = nowMs;
    const state = this.#pid === undefined ? null : stateOf(this.#pid);
    const cpuMs = state?.cpuMs ?? 0;
    const isHeldUp = state?.isHeldUp ?? false;
    if (this.#isResting || cpuMs > this.#cpuMs) this.#idleMs = 0;
    else if (!isHeldUp) this.#idleMs += passedMs;
    this.#cpuMs = cpuMs;
    if (cpuMs > this.#limitMs) this.#end('of processor time');
    else if (this.#idleMs > this.#limitMs) this.#end('without progress');
  }

  #end(of: string): void {
    this.stop();
    this.#over.abort(new SottoError('decode_timeout', `Decoding was stopped after ${this.#limitMs / 1000} s ${of}.`));
  }
}

/** null: it has ended, or the system has no /proc. */
function stateOf(pid: number): ProcessState | null {
  try {
    // The name, in parentheses, may contain anything; fields from the third on follow it (proc_pid_stat(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    const ticks = Number(fields[11]) + Number(fields[12]);
    return { cpuMs: ticks * MS_PER_TICK, isHeldUp: ['T', 't', 'R'].includes(fields[0] ?? '') };
  } catch {
    return null;
  }
}
