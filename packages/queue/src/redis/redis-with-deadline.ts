import { type Command, Redis, type RedisOptions } from 'ioredis';

const TICK_MS = 100;

/**
 * Commands fail when Redis does not answer in time. ioredis's `commandTimeout` is meant for this, but a due timer fires
 * before sockets are read: a process that was busy for that long would take every waiting answer as missing. Here time
 * is counted in ticks of this process, which reads its sockets between two ticks.
 */
export class RedisWithDeadline extends Redis {
  readonly #deadlineTicks: number;
  /** Oldest first, the order of answers. Answered ones are removed, since they keep their request in memory. */
  readonly #waiting: { command: Command; dueTick: number }[] = [];
  #tick = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(url: string, deadlineMs: number, options: Omit<RedisOptions, 'replyMapping'>) {
    super(url, options);
    this.#deadlineTicks = Math.ceil(deadlineMs / TICK_MS);
  }

  override sendCommand(...sent: Parameters<Redis['sendCommand']>): unknown {
    const [command] = sent;
    const answer = super.sendCommand(...sent);
    if (command.isSettled) return answer;
    while (this.#waiting[0]?.command.isSettled) this.#waiting.shift();
    this.#waiting.push({ command, dueTick: this.#tick + this.#deadlineTicks });
    this.#timer ??= setInterval(() => this.#onTick(), TICK_MS);
    return answer;
  }

  #onTick(): void {
    this.#tick += 1;
    const stillWaiting = this.#waiting.findIndex(({ command, dueTick }) => !command.isSettled && dueTick > this.#tick);
    const done = this.#waiting.splice(0, stillWaiting === -1 ? this.#waiting.length : stillWaiting);
    for (const { command } of done) if (!command.isSettled) command.reject(new Error('Command timed out'));
    if (this.#waiting.length > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}
