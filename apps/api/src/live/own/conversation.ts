import {
  ERROR_CATALOG,
  finalPassOf,
  LIVE_ENCODINGS,
  liveFormatOf,
  liveOptionsOf,
  SottoError,
  sendsOpus,
  type WireLiveEvent,
  wireLiveMessageSchema,
  wireLiveOpeningSchema,
  type wireLiveStartSchema,
} from '@sotto/contracts';
import type { Logger } from '@sotto/runtime';
import type { z } from 'zod';
import { serviceError } from '../../http/errors.ts';
import type { Principal } from '../../http/principal.ts';
import type { Shutdown } from '../../http/shutdown.ts';
import { CLOSE_CODES, closeCodeOf } from '../../http/web-socket.ts';
import type { DoorMessage, DoorSocket } from '../door-socket.ts';
import type { LiveConnection } from '../live-connection.ts';
import type { LiveService } from '../live-service.ts';
import { OpusStream } from '../opus/opus-stream.ts';
import { type PlanRecordingDeps, planRecording } from '../recordings/plan-recording.ts';
import { toWireLiveEvent } from './wire-event.ts';

/** A client says at once what it wants. */
const OPENING_MS = 10_000;
const ACKNOWLEDGE_MS = 500;

export interface ConversationDeps extends PlanRecordingDeps {
  live: LiveService;
  shutdown: Shutdown;
  logger: Logger;
}

export interface Caller {
  principal: Principal;
  /** It has a session from now on. */
  onOpen(sessionId: string): void;
}

/**
 * What a client of `WS /live` and the service say to each other: opening -> (session) audio and commands one way, events the
 * other -> closed. Whichever side closes, the session itself goes on, except after `end`.
 */
export async function converse(
  socket: DoorSocket,
  { principal, onOpen }: Caller,
  deps: ConversationDeps,
): Promise<void> {
  const { shutdown, logger } = deps;
  const over = new AbortController();
  const signal = AbortSignal.any([socket.gone, shutdown.signal, over.signal]);
  let connection: LiveConnection | null = null;
  let opus: OpusStream | null = null;
  let acknowledging: NodeJS.Timeout | undefined;
  try {
    const opened = await openingOf(socket, principal, deps);
    if (opened === null) return await socket.close(CLOSE_CODES.refused, 'no opening');
    ({ connection, opus } = opened);
    onOpen(connection.id);
    say(socket, sessionMessage(connection));
    acknowledging = acknowledge(socket, connection);
    const listening = listen(socket, opened).catch((error: unknown) => {
      if (socket.gone.aborted) return;
      over.abort(error);
    });
    await tell(socket, connection, opened.afterId, signal);
    if (over.signal.aborted) throw over.signal.reason;
    await socket.close(shutdown.signal.aborted ? CLOSE_CODES.goingAway : CLOSE_CODES.ended, 'ended');
    await listening;
  } catch (thrown) {
    const error = serviceError(thrown);
    if (error.status >= 500) logger.warning('a live connection failed', { code: error.code, error });
    say(socket, errorMessage(error));
    await socket.close(closeCodeOf(error), error.code);
  } finally {
    clearInterval(acknowledging);
    await connection?.close();
    opus?.close();
  }
}

interface Opened {
  connection: LiveConnection;
  /** null: the client sends the samples themselves. */
  opus: OpusStream | null;
  model: string | null;
  afterId: string | null;
}

const sessionMessage = ({ id, received, session: { recording } }: LiveConnection): WireLiveEvent => ({
  type: 'session',
  session_id: id,
  received_samples: received,
  job_id: recording === null ? null : id,
});

async function openingOf(socket: DoorSocket, principal: Principal, deps: ConversationDeps): Promise<Opened | null> {
  const message = await socket.next(AbortSignal.timeout(OPENING_MS));
  if (message === null) return null;
  const opening = parsed(wireLiveOpeningSchema, message);
  const connection =
    opening.type === 'resume'
      ? await deps.live.resume(principal, opening.session_id)
      : await begin(opening, principal, deps);
  const afterId = opening.type === 'resume' ? opening.last_event_id : null;
  const opus = sendsOpus(opening) ? await OpusStream.open() : null;
  return { connection, opus, model: connection.session.options.model, afterId };
}

async function begin(
  start: z.output<typeof wireLiveStartSchema>,
  principal: Principal,
  deps: ConversationDeps,
): Promise<LiveConnection> {
  const form = finalPassOf(start);
  const recording = form && (await planRecording(form, principal, deps));
  return deps.live.open(principal, liveFormatOf(start), liveOptionsOf(start, start.model), recording);
}

/** Until the client is gone or says that it is done. */
async function listen(socket: DoorSocket, { connection, opus, model }: Opened): Promise<void> {
  const width = LIVE_ENCODINGS[connection.session.format.encoding];
  for await (const message of socket.messages()) {
    if (message.isBinary && opus !== null) {
      for (const pcm of opus.push(message.data)) await connection.send(pcm);
    } else if (message.isBinary) {
      if (message.data.length % width !== 0) {
        throw new SottoError(
          'invalid_request',
          `Audio must be whole samples of ${width} bytes; ${message.data.length} came.`,
        );
      }
      await connection.send(message.data);
    } else {
      const said = parsed(wireLiveMessageSchema, message);
      if (said.type === 'update') await connection.change(liveOptionsOf(said, model));
      else await connection[said.type]();
    }
  }
}

/** Says from time to time what is stored, also when nothing follows: a client may wait for it before it sends more. */
function acknowledge(socket: DoorSocket, connection: LiveConnection): NodeJS.Timeout {
  let acknowledged = connection.received;
  return setInterval(() => {
    if (connection.received === acknowledged) return;
    acknowledged = connection.received;
    say(socket, { type: 'acknowledged', received_samples: acknowledged });
  }, ACKNOWLEDGE_MS);
}

async function tell(socket: DoorSocket, connection: LiveConnection, afterId: string | null, signal: AbortSignal) {
  for await (const { id, event } of connection.events(afterId, signal)) {
    const message = toWireLiveEvent(id, event);
    if (message !== null) say(socket, message);
  }
}

function parsed<T extends z.ZodType>(schema: T, { isBinary, data }: DoorMessage): z.output<T> {
  if (isBinary) throw new SottoError('invalid_request', 'Audio came before the first message, which is text.');
  const result = schema.safeParse(jsonOf(data));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new SottoError(
    'invalid_parameter',
    `${where === '' ? 'The message' : where}: ${issue?.message ?? 'is not known'}.`,
  );
}

function jsonOf(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString('utf8'));
  } catch {
    throw new SottoError('invalid_request', 'A text message must be JSON; audio is sent in binary messages.');
  }
}

const say = (socket: DoorSocket, message: WireLiveEvent): void => socket.send(message);

function errorMessage({ code, detail, retryAfterSeconds }: SottoError): WireLiveEvent {
  return {
    type: 'error',
    error: code,
    message: ERROR_CATALOG[code].message,
    detail,
    ...(retryAfterSeconds !== undefined && { retry_after: retryAfterSeconds }),
  };
}
