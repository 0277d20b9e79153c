import { setTimeout as pause } from 'node:timers/promises';
import { type LiveEnd, type LiveEvent, type LiveFormat, type LiveOptions, SottoError } from '@sotto/contracts';
import { isRedisFault } from '@sotto/queue';
import type { Principal } from '../http/principal.ts';
import type { LiveConnection } from '../live/live-connection.ts';
import type { LiveService } from '../live/live-service.ts';
import type { LiveCommand } from './live-command.ts';

/** While Redis is away, events are asked for again so often. */
const RETRY_MS = 500;
/** Audio that nobody hears at the moment may be in the way of the end. */
const LEAVE_MS = 5_000;

export interface DoorSessionDeps {
  live: Pick<LiveService, 'open'>;
  principal: Principal;
  onOpen(sessionId: string): void;
  /** Resolves when the client has been told. */
  tell(event: LiveEvent): Promise<void>;
}

/**
 * The live session of a client whose protocol knows no coming back: it is opened when there is something to hear, and ends
 * with its connection. unopened -> open -> over
 */
export class DoorSession {
  /** Resolves when its last event was told. Rejects when it cannot be told any more. */
  readonly over: Promise<LiveEnd>;
  readonly #deps: DoorSessionDeps;
  readonly #leaving = new AbortController();
  #wish: { format: LiveFormat; options: LiveOptions } | null = null;
  #connection: LiveConnection | null = null;
  #end: (by: LiveEnd) => void = () => {};
  #fail: (error: unknown) => void = () => {};

  constructor(deps: DoorSessionDeps) {
    this.#deps = deps;
    this.over = new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#fail = reject;
    });
    this.over.catch(() => {});
  }

  /** In the order of the calls, each when the one before is done. @throws SottoError those of LiveService.open and LiveConnection.send */
  async apply(command: LiveCommand): Promise<void> {
    switch (command.type) {
      case 'configure':
        this.#wish = command;
        await this.#connection?.change(command.options);
        return;
      case 'audio':
        await (await this.open()).send(command.bytes);
        return;
      case 'commit':
        await this.#connection?.commit();
        return;
      case 'clear':
        await this.#connection?.clear();
        return;
      case 'touch':
        await this.#connection?.touch();
        return;
      case 'finish':
        await (await this.open()).end();
    }
  }

  /** Also before the first audio, to know whether it can be heard. @throws SottoError those of LiveService.open */
  async open(): Promise<LiveConnection> {
    if (this.#connection !== null) return this.#connection;
    if (this.#wish === null) throw new Error('a session that nobody has configured');
    const { live, principal, onOpen } = this.#deps;
    const { format, options } = this.#wish;
    const connection = await live.open(principal, format, options);
    this.#connection = connection;
    onOpen(connection.id);
    this.#tellAll(connection).catch((error: unknown) => this.#fail(error));
    return connection;
  }

  /** The client is gone, and nobody can come back. */
  async leave(): Promise<void> {
    this.#leaving.abort();
    const connection = this.#connection;
    if (connection === null) return;
    // What cannot be ended now is given up when nobody has been connected for long enough.
    await Promise.race([connection.end().catch(() => {}), pause(LEAVE_MS, undefined, { ref: false })]);
    await connection.close();
  }

  async #tellAll(connection: LiveConnection): Promise<void> {
    const { signal } = this.#leaving;
    let afterId: string | null = null;
    while (!signal.aborted) {
      try {
        for await (const { id, event } of connection.events(afterId, signal)) {
          await this.#deps.tell(event);
          afterId = id;
          if (event.type === 'ended') return this.#end(event.by);
        }
        if (!signal.aborted) throw new SottoError('live_session_over', 'Its events are gone.');
      } catch (error) {
        const isAway = isRedisFault(error) || (error instanceof SottoError && error.code === 'queue_unavailable');
        if (!isAway) throw error;
        await pause(RETRY_MS, undefined, { signal }).catch(() => {});
      }
    }
  }
}
