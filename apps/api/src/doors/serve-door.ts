import type { LiveEnd, LiveEvent, SottoError } from '@sotto/contracts';
import { serviceError } from '../http/errors.ts';
import type { Principal } from '../http/principal.ts';
import type { Shutdown } from '../http/shutdown.ts';
import { CLOSE_CODES, closeCodeOf } from '../http/web-socket.ts';
import type { DoorMessage, DoorSocket } from '../live/door-socket.ts';
import type { LiveService } from '../live/live-service.ts';
import { DoorSession } from './door-session.ts';
import type { Translated } from './live-command.ts';

/** A protocol over a WebSocket, both ways. */
export interface Protocol {
  hello(): Translated<unknown>;
  /** @throws SottoError that ends the connection */
  receive(message: DoorMessage): Translated<unknown>;
  tell(event: LiveEvent): unknown[];
  /** What the client is told of an error that ends the connection; empty: the close frame says it. */
  refuse(error: SottoError): unknown[];
}

export interface DoorDeps {
  live: Pick<LiveService, 'open'>;
  shutdown: Pick<Shutdown, 'signal'>;
  /** Errors that are none of the client's doing. */
  onError(error: SottoError): void;
}

export interface DoorCaller {
  principal: Principal;
  /** It has a session from now on. */
  onOpen(sessionId: string): void;
}

/** Bytes of a close frame besides its code (RFC 6455, 5.5). */
const MAX_REASON_BYTES = 123;

/** Speaks that protocol with a client until either has had enough. The session ends with its connection. */
export async function serveDoor(
  socket: DoorSocket,
  protocol: Protocol,
  caller: DoorCaller,
  deps: DoorDeps,
): Promise<void> {
  const { live, shutdown, onError } = deps;
  const tell = async (event: LiveEvent) => sendAll(socket, protocol.tell(event));
  const session = new DoorSession({ ...caller, live, tell });
  const stop = () => void socket.close(CLOSE_CODES.goingAway, 'the service stops');
  shutdown.signal.addEventListener('abort', stop, { once: true });
  const conversing = converse(socket, protocol, session);
  conversing.catch(() => {});
  try {
    const by = await Promise.race([conversing, session.over]);
    await socket.close(by === null ? CLOSE_CODES.ended : END_CLOSE[by], by ?? '');
  } catch (thrown) {
    const error = serviceError(thrown);
    if (error.status >= 500 && error.code !== 'live_full') onError(error);
    sendAll(socket, protocol.refuse(error));
    await socket.close(closeCodeOf(error), reasonOf(error));
  } finally {
    shutdown.signal.removeEventListener('abort', stop);
    await session.leave();
  }
}

/** Resolves when the client is gone; after `finish`, the session's own end is what is waited for. */
async function converse(socket: DoorSocket, protocol: Protocol, session: DoorSession): Promise<null> {
  const apply = async ({ commands, messages }: Translated<unknown>): Promise<void> => {
    sendAll(socket, messages);
    for (const command of commands) await session.apply(command);
  };
  await apply(protocol.hello());
  for await (const message of socket.messages()) await apply(protocol.receive(message));
  return null;
}

function sendAll(socket: DoorSocket, messages: readonly unknown[]): void {
  for (const message of messages) socket.send(message);
}

const END_CLOSE: Record<LiveEnd, number> = {
  client: CLOSE_CODES.ended,
  idle: CLOSE_CODES.goingAway,
  too_long: CLOSE_CODES.goingAway,
  quota: CLOSE_CODES.refused,
  failed: CLOSE_CODES.failed,
};

/** Whole characters of it. */
function reasonOf({ code, detail }: SottoError): string {
  return Buffer.from(`${code}: ${detail}`)
    .subarray(0, MAX_REASON_BYTES)
    .toString()
    .replace(/\ufffd$/, '');
}
