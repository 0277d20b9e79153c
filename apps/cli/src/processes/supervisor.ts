import { CommandError } from '../exit-codes.ts';
import { Guard } from './guard.ts';
import type { Program } from './program.ts';
import { Supervised, type SupervisedEvents } from './supervised.ts';

/** The programs of one service: started in any order, stopped in the reverse one, none left behind. */
export class Supervisor {
  private readonly all: Supervised[] = [];
  private readonly guard = new Guard();
  private readonly events: SupervisedEvents;
  private stopped: Promise<void> | null = null;

  constructor(events: Omit<SupervisedEvents, 'onPidChange'>) {
    this.events = { ...events, onPidChange: () => this.guard.watch(this.pids()) };
  }

  /** Resolves when the program is ready; from then on it is kept running. */
  async start(program: Program, timeoutMs: number): Promise<void> {
    if (this.stopped !== null) throw new CommandError(`${program.name} is not started: the service is being stopped.`);
    const supervised = new Supervised(program, this.events);
    this.all.push(supervised);
    await supervised.start(timeoutMs);
  }

  /** The named programs end in order and start anew; the others go on. */
  async restart(names: readonly string[]): Promise<void> {
    await Promise.all(this.all.filter(({ program }) => names.includes(program.name)).map((one) => one.restart()));
  }

  /** SIGHUP: the named programs read their configuration again. */
  hangUp(names: readonly string[]): void {
    for (const one of this.all) if (names.includes(one.program.name)) one.hangUp();
  }

  /** Last started, first stopped: a worker hands its jobs on while Redis is still there. */
  stop(): Promise<void> {
    this.stopped ??= this.stopAll();
    return this.stopped;
  }

  /** Everything at once, without waiting. */
  kill(): void {
    for (const one of this.all) one.kill();
  }

  pids(): number[] {
    return this.all.flatMap(({ pid }) => (pid === null ? [] : [pid]));
  }

  private async stopAll(): Promise<void> {
    for (const one of [...this.all].reverse()) await one.stop();
    await this.guard.close();
  }
}
