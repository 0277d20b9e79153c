import type { Command } from 'ioredis';

/** Time is counted in ticks of this process, which reads its sockets between two of them. */
export const TICK_MS = 100;

export const ticksOf = (ms: number): number => Math.ceil(ms / TICK_MS);

/** Commands fail when Redis does not answer them in time; see WatchedRedis for why this does not use timers. */
export class CommandDeadlines {
  readonly #ticks: number;
  /** Oldest first, the order of answers. Answered ones are removed, since they keep their request in memory. */
  readonly #waiting: { command: Command; dueTick: number }[] = [];
  #tick = 0;

  constructor(answerMs: number) {
    this.#ticks = ticksOf(answerMs);
  }

  add(command: Command): void {
    if (command.isSettled) return;
    while (this.#waiting[0]?.command.isSettled) this.#waiting.shift();
    this.#waiting.push({ command, dueTick: this.#tick + this.#ticks });
  }

  /** To be called every TICK_MS. */
  tick(): void {
    this.#tick += 1;
    const stillWaiting = this.#waiting.findIndex(({ command, dueTick }) => !command.isSettled && dueTick > this.#tick);
    const done = this.#waiting.splice(0, stillWaiting === -1 ? this.#waiting.length : stillWaiting);
    for (const { command } of done) if (!command.isSettled) command.reject(new Error('Command timed out'));
  }
}
