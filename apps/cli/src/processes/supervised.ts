import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { CommandError } from '../exit-codes.ts';
import { afterCrash } from './backoff.ts';
import type { Program } from './program.ts';

export interface SupervisedEvents {
  onLine(name: string, line: string): void;
  /** It has a new pid, or none any more. */
  onPidChange(): void;
  onRestart(name: string, detail: string): void;
}

const READY_POLL_MS = 50;
const KEPT_LINES = 30;

/**
 * One program kept running.
 *
 * starting -> running -> (crashed -> waiting -> starting -> running)* -> stopping -> ended. A crash before it was ever
 * ready is the end: start() rejects with the last lines it wrote. After that every crash is followed by a new start.
 */
export class Supervised {
  readonly program: Program;
  private readonly events: SupervisedEvents;
  private child: ChildProcess | null = null;
  private readonly lastLines: string[] = [];
  private readonly stopping = new AbortController();
  private crashes = 0;
  private wasReady = false;
  private keeping: Promise<void> = Promise.resolve();

  constructor(program: Program, events: SupervisedEvents) {
    this.program = program;
    this.events = events;
  }

  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  /** Resolves when the program is ready for the first time. */
  async start(timeoutMs: number): Promise<void> {
    const startedMs = performance.now();
    this.keeping = this.launch().then((how) => (this.wasReady ? this.keep(how, startedMs) : undefined));
    const deadline = Date.now() + timeoutMs;
    while (!(await this.program.isReady().catch(() => false))) {
      if (this.stopping.signal.aborted) throw new CommandError(`${this.program.name} was stopped while it started.`);
      if (this.child === null) throw new CommandError(`${this.program.name} ended while it started.\n${this.tail()}`);
      if (Date.now() > deadline)
        throw new CommandError(`${this.program.name} is not ready after ${timeoutMs / 1_000} s.\n${this.tail()}`);
      await delay(READY_POLL_MS);
    }
    this.wasReady = true;
  }

  /** Ends the running process in order; the supervision starts another at once. */
  async restart(): Promise<void> {
    this.crashes = 0;
    await this.end();
  }

  /** SIGTERM, and SIGKILL to it and its children when the grace is over. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.end();
    await this.keeping;
  }

  /** Before it is ready, the signal would end it. */
  hangUp(): void {
    if (this.wasReady) this.signal('SIGHUP');
  }

  kill(): void {
    this.stopping.abort();
    this.signal('SIGKILL');
  }

  private launch(): Promise<string> {
    const { name, command, args, env, cwd } = this.program;
    // A process group of its own: Ctrl-C in a terminal reaches us alone, and we stop things in order.
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    this.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => this.take(name, line));
    }
    this.events.onPidChange();
    return new Promise((resolve) => {
      const ended = (how: string): void => {
        if (this.child !== child) return;
        this.child = null;
        this.events.onPidChange();
        resolve(how);
      };
      child.once('error', (error) => {
        this.take(name, error.message);
        ended(error.message);
      });
      child.once('close', (code, signal) => ended(signal === null ? `exit status ${code}` : signal));
    });
  }

  /** Starts again and again until told to stop. */
  private async keep(how: string, startedMs: number): Promise<void> {
    if (this.stopping.signal.aborted) return;
    const { inARow, delayMs } = afterCrash(this.crashes, performance.now() - startedMs);
    this.crashes = inARow;
    if (this.program.isChatty) for (const line of this.lastLines.splice(0)) this.events.onLine(this.program.name, line);
    this.events.onRestart(this.program.name, `ended (${how}); restarting in ${delayMs / 1_000} s`);
    await delay(delayMs, undefined, { signal: this.stopping.signal }).catch(() => {});
    if (this.stopping.signal.aborted) return;
    const againMs = performance.now();
    return this.keep(await this.launch(), againMs);
  }

  private async end(): Promise<void> {
    const child = this.child;
    if (child === null) return;
    const closed = new Promise((resolve) => child.once('close', resolve));
    const timer = setTimeout(() => this.signal('SIGKILL'), this.program.graceMs);
    this.signal('SIGTERM');
    await closed;
    clearTimeout(timer);
  }

  private signal(signal: 'SIGTERM' | 'SIGKILL' | 'SIGHUP'): void {
    const { pid } = this;
    if (pid === null) return;
    try {
      // The whole group at the last resort: an ffmpeg must not outlive its worker.
      process.kill(signal === 'SIGKILL' ? -pid : pid, signal);
    } catch {
      // It has just ended by itself.
    }
  }

  private take(name: string, line: string): void {
    this.lastLines.push(line);
    if (this.lastLines.length > KEPT_LINES) this.lastLines.shift();
    if (!this.program.isChatty) this.events.onLine(name, line);
  }

  private tail(): string {
    return this.lastLines.join('\n');
  }
}
