import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { SottoError } from '@sotto/contracts';
import { DoorSession } from '../doors/door-session.ts';
import { serviceError } from '../http/errors.ts';
import type { Principal } from '../http/principal.ts';
import type { LiveService } from '../live/live-service.ts';
import { errorMessage, type WyomingMessage, WyomingTranslator } from './translator.ts';
import { encodeEvent, type WyomingEvent, WyomingReader } from './wire.ts';

/** A client that takes nothing for so long is gone. */
const SLOW_MS = 10_000;
/** One that says nothing for so long, too: they connect again when they need to. */
const IDLE_MS = 600_000;

export interface ConversationDeps {
  live: Pick<LiveService, 'open'>;
  principal: Principal;
  info: Record<string, unknown>;
  /** Errors that are none of the client's doing. */
  onError(error: SottoError): void;
}

/** One client: round after round of audio and its transcript, until it leaves or says what cannot be understood. */
export async function converse(socket: Socket, deps: ConversationDeps): Promise<void> {
  const conversation = new Conversation(socket, deps);
  // It may have gone before anybody listens.
  socket.on('error', () => {});
  socket.setTimeout(IDLE_MS, () => socket.destroy());
  try {
    await conversation.run();
    socket.end();
  } catch (thrown) {
    const error = serviceError(thrown);
    if (error.status >= 500 && error.code !== 'live_full') deps.onError(error);
    await conversation.send([errorMessage(error)]);
    socket.end();
  } finally {
    await conversation.leave();
    // What it still sends is of no interest, and it may never close its side.
    socket.destroySoon();
  }
}

class Conversation {
  readonly #socket: Socket;
  readonly #deps: ConversationDeps;
  readonly #reader = new WyomingReader();
  readonly #translator: WyomingTranslator;
  #session: DoorSession;

  constructor(socket: Socket, deps: ConversationDeps) {
    this.#socket = socket;
    this.#deps = deps;
    this.#translator = new WyomingTranslator(deps.info);
    this.#session = this.#newSession();
  }

  /** Reads no faster than what it has read is worked on. */
  async run(): Promise<void> {
    for await (const chunk of this.#socket.iterator({ destroyOnReturn: false })) {
      for (const event of this.#reader.accept(chunk as Buffer)) await this.#receive(event);
    }
  }

  async #receive(event: WyomingEvent): Promise<void> {
    const { commands, messages } = this.#translator.receive(event);
    await this.send(messages);
    for (const command of commands) await this.#session.apply(command);
    if (!this.#translator.isFinishing) return;
    await this.#session.over;
    await this.#session.leave();
    this.#session = this.#newSession();
  }

  /** Resolves when the client has taken it, or is gone. */
  async send(messages: readonly WyomingMessage[]): Promise<void> {
    for (const { type, data } of messages) {
      if (this.#socket.destroyed || !this.#socket.writable) return;
      if (this.#socket.write(encodeEvent(type, data))) continue;
      const slow = setTimeout(() => this.#socket.destroy(), SLOW_MS);
      await Promise.race([once(this.#socket, 'drain'), once(this.#socket, 'close')]).catch(() => {});
      clearTimeout(slow);
    }
  }

  leave(): Promise<void> {
    return this.#session.leave();
  }

  #newSession(): DoorSession {
    const { live, principal } = this.#deps;
    return new DoorSession({
      live,
      principal,
      onOpen: () => {},
      tell: (event) => this.send(this.#translator.tell(event)),
    });
  }
}
