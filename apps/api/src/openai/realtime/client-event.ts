import { SottoError } from '@sotto/contracts';
import { z } from 'zod';
import { invalidParameter, invalidParameters, problemsOf } from '../../http/invalid-parameter.ts';
import { olderSessionSchema, sessionSchema } from './session-config.ts';

const SCHEMAS = {
  'session.update': z.object({ session: sessionSchema }),
  'transcription_session.update': z.object({ session: olderSessionSchema }),
  'input_audio_buffer.append': z.object({ audio: z.base64({ error: 'must be base64' }) }),
  'input_audio_buffer.commit': z.object({}),
  'input_audio_buffer.clear': z.object({}),
};
type Schemas = typeof SCHEMAS;

/** What a client says, and what it calls it. */
export type ClientEvent = {
  [Type in keyof Schemas]: { type: Type; eventId: string | null } & z.output<Schemas[Type]>;
}[keyof Schemas];

const envelope = z.looseObject({ type: z.string(), event_id: z.string().max(512).nullish() });

/** An error, and the event it is about. */
export class UnreadableEvent extends Error {
  readonly error: SottoError;
  readonly eventId: string | null;

  constructor(error: SottoError, eventId: string | null = null) {
    super(error.message);
    this.error = error;
    this.eventId = eventId;
  }
}

/** @throws UnreadableEvent */
export function parseClientEvent(text: string): ClientEvent {
  const { success, data } = envelope.safeParse(parsedJson(text));
  if (!success) {
    throw new UnreadableEvent(new SottoError('invalid_request', 'An event is a JSON object with a type.'));
  }
  const { type, event_id: eventId = null } = data;
  const schema = Object.hasOwn(SCHEMAS, type) ? SCHEMAS[type as keyof Schemas] : undefined;
  if (schema === undefined) {
    const known = Object.keys(SCHEMAS).join(', ');
    throw new UnreadableEvent(invalidParameter('type', `must be one of ${known}`), eventId);
  }
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw new UnreadableEvent(invalidParameters(problemsOf(parsed.error)), eventId);
  return { type, eventId, ...parsed.data } as ClientEvent;
}

/** undefined: it is none. */
function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
