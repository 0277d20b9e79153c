import { Command, Redis, type RedisOptions } from 'ioredis';
import { CommandDeadlines, TICK_MS, ticksOf } from './command-deadlines.ts';

/** So many deadlines in a row without a single byte, and the connection is taken for dead. */
const MISSED_DEADLINES = 3;

/** A connection that asks nothing would never learn that it is dead. */
const IDLE_PING_MS = 10_000;

/** How long an answer of Redis may take. */
export interface Deadlines {
  answerMs: number;
  /** Whether a command that has not been answered by then fails, or waits on. */
  rejects: boolean;
}

/**
 * A connection that notices when nobody is at its other end any more. Without this, a host that vanished without a
 * word is noticed only when the kernel gives up sending to it, after some 15 minutes; here, the socket is destroyed after
 * three deadlines of silence, and connected anew.
 *
 * ioredis's own timers (`commandTimeout`, `socketTimeout`) are not used: a due timer fires before sockets are read, so a
 * process that was busy for that long would take every waiting answer as missing. Here time is counted in ticks of this
 * process, which reads its sockets between two ticks.
 */
export class WatchedRedis extends Redis {
  readonly #deadlines: Deadlines;
  readonly #overdue: CommandDeadlines;
  #timer: NodeJS.Timeout | null = null;
  /** What was seen in the last tick, and for how many ticks nothing else has been. */
  #seen: { stream: unknown; bytesRead: number; asked: unknown } = { stream: null, bytesRead: 0, asked: undefined };
  #silentTicks = 0;

  constructor(deadlines: Deadlines, options: Omit<RedisOptions, 'replyMapping'>, url?: string) {
    // Not url ?? {}: ioredis takes the first argument that is an object as the options.
    if (url === undefined) super(options);
    else super(url, options);
    this.#deadlines = deadlines;
    this.#overdue = new CommandDeadlines(deadlines.answerMs);
    this.on('connect', () => this.#watch());
    this.on('end', () => this.#rest());
  }

  /** BullMQ duplicates a connection for its blocking commands. */
  override duplicate(override: Partial<RedisOptions> = {}): never {
    const options = { ...this.options, ...override } as Omit<RedisOptions, 'replyMapping'>;
    return new WatchedRedis(this.#deadlines, options) as never;
  }

  override sendCommand(...sent: Parameters<Redis['sendCommand']>): unknown {
    const answer = super.sendCommand(...sent);
    if (!this.#deadlines.rejects) return answer;
    this.#overdue.add(sent[0]);
    this.#watch();
    return answer;
  }

  /** A command of a transaction that is sent again would be done alone, outside of it. */
  override handleReconnection(...[error, item]: Parameters<Redis['handleReconnection']>): void {
    const isPart = item.command instanceof Command && item.command.inTransaction;
    const { reconnectOnError } = this.options;
    if (isPart && reconnectOnError?.(error)) {
      item.command.reject(error);
      this.disconnect(true);
    } else super.handleReconnection(error, item);
  }

  #watch(): void {
    this.#timer ??= setInterval(() => this.#onTick(), TICK_MS).unref();
  }

  #rest(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #onTick(): void {
    this.#overdue.tick();
    if (this.#isSilent()) this.#silentTicks += 1;
    else this.#silentTicks = 0;
    const oldest = this.commandQueue.peekFront()?.command;
    if (this.status === 'ready' && oldest === undefined) {
      if (this.#silentTicks >= ticksOf(IDLE_PING_MS)) this.ping().catch(() => {});
      return;
    }
    const limitMs = MISSED_DEADLINES * this.#deadlines.answerMs + blockingMs(oldest);
    const isConnected = this.status === 'ready' || this.status === 'connect';
    if (!isConnected || oldest === undefined || this.#silentTicks <= ticksOf(limitMs)) return;
    this.stream.destroy(Object.assign(new Error('Redis does not answer'), { code: 'ETIMEDOUT' }));
  }

  /** Nothing was received since the last tick, and what waits for an answer is what waited then. */
  #isSilent(): boolean {
    const { stream } = this;
    const now = { stream, bytesRead: stream?.bytesRead ?? 0, asked: this.commandQueue.peekFront()?.command };
    const before = this.#seen;
    this.#seen = now;
    return now.stream === before.stream && now.bytesRead === before.bytesRead && now.asked === before.asked;
  }
}

/** How long the server itself may keep a command waiting. */
function blockingMs(command: unknown): number {
  const timeoutMs = command instanceof Command ? command.extractBlockingTimeout() : undefined;
  if (typeof timeoutMs !== 'number') return 0;
  return timeoutMs === 0 ? Number.POSITIVE_INFINITY : timeoutMs;
}
