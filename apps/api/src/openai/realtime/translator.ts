import { randomUUID } from 'node:crypto';
import { type LiveEvent, SottoError } from '@sotto/contracts';
import { durationMsOf, NOTHING, type Translated } from '../../doors/live-command.ts';
import { invalidParameter } from '../../http/invalid-parameter.ts';
import type { ModelMap } from '../../settings/model-map.ts';
import { openAiError } from '../errors.ts';
import { type ClientEvent, parseClientEvent, UnreadableEvent } from './client-event.ts';
import { Items } from './items.ts';
import type { SentEvent, ServerEvent } from './server-event.ts';
import { defaultConfig, liveOptionsOf, type SessionConfig, updated, updatedOlder } from './session-config.ts';
import { type SessionFacts, wireOlderSession, wireSession } from './wire-session.ts';

/** Less is no utterance, as at OpenAI. */
const LEAST_COMMIT_MS = 100;

export interface RealtimeOptions extends SessionFacts {
  models: ModelMap;
  /** The address named it; null: it named none. */
  model: string | null;
  /** What a client secret was made for; absent: nothing. */
  config?: SessionConfig;
  newId?: () => string;
}

type Ids = (kind: 'event' | 'item' | 'seg') => string;

/**
 * OpenAI's Realtime protocol for transcription, both ways. An utterance is an item. What is final is sent as deltas, so that
 * they only ever append; the transcript of an item is its deltas put together.
 */
export class RealtimeTranslator {
  readonly #facts: SessionFacts;
  readonly #models: ModelMap;
  readonly #newId: Ids;
  #config: SessionConfig;
  readonly #items: Items;
  /** Of audio, sent so far. */
  #sentMs = 0;
  /** What was sent since then is not committed yet. */
  #bufferFromMs = 0;

  constructor({
    id,
    expiresAtMs,
    models,
    model,
    config,
    newId = () => randomUUID().replaceAll('-', ''),
  }: RealtimeOptions) {
    this.#facts = { id, expiresAtMs };
    this.#models = models;
    this.#newId = (kind) => `${kind}_${newId().slice(0, 21)}`;
    this.#config = config ?? defaultConfig(model);
    this.#items = new Items({ newId: this.#newId, hasLogprobs: () => this.#config.hasLogprobs });
  }

  /** At the beginning. */
  hello(): Translated<SentEvent> {
    return {
      commands: [this.#configured()],
      messages: this.#sent([{ type: 'session.created', session: wireSession(this.#config, this.#facts) }]),
    };
  }

  /** A message of the client's. */
  receive(text: string): Translated<SentEvent> {
    try {
      const { commands, messages } = this.#received(parseClientEvent(text));
      return { commands, messages: this.#sent(messages) };
    } catch (error) {
      if (!(error instanceof UnreadableEvent)) throw error;
      return { commands: [], messages: [this.refusal(error.error, error.eventId)] };
    }
  }

  refusal(error: SottoError, eventId: string | null = null, code?: string): SentEvent {
    const named = { ...openAiError(error), ...(code !== undefined && { code }) };
    return this.#one({ type: 'error', error: { ...named, event_id: eventId } });
  }

  /** Something that happened in the session. */
  tell(event: LiveEvent): SentEvent[] {
    if (event.type === 'speech_stopped') {
      this.#bufferFromMs = Math.max(this.#bufferFromMs, Math.min(event.atMs, this.#sentMs));
    }
    return this.#sent(this.#items.tell(event));
  }

  #received(event: ClientEvent): Translated<ServerEvent> {
    switch (event.type) {
      case 'session.update':
        return this.#update(updated(this.#config, event.session), event);
      case 'transcription_session.update':
        return this.#update(updatedOlder(this.#config, event.session), event);
      case 'input_audio_buffer.append':
        return this.#append(Buffer.from(event.audio, 'base64'), event.eventId);
      case 'input_audio_buffer.commit':
        return this.#commit(event.eventId);
      case 'input_audio_buffer.clear':
        if (this.#sentMs === 0) return { commands: [], messages: [{ type: 'input_audio_buffer.cleared' }] };
        this.#bufferFromMs = this.#sentMs;
        return { commands: [{ type: 'clear' }], messages: [] };
    }
  }

  #update(config: SessionConfig, { type, eventId }: ClientEvent): Translated<ServerEvent> {
    const { encoding, sampleRate } = this.#config.format;
    const isOther = config.format.encoding !== encoding || config.format.sampleRate !== sampleRate;
    if (isOther && this.#sentMs > 0) {
      const field = type === 'session.update' ? 'session.audio.input.format' : 'session.input_audio_format';
      throw new UnreadableEvent(invalidParameter(field, 'cannot change once audio has been sent'), eventId);
    }
    this.#config = config;
    const told: ServerEvent =
      type === 'session.update'
        ? { type: 'session.updated', session: wireSession(config, this.#facts) }
        : { type: 'transcription_session.updated', session: wireOlderSession(config, this.#facts) };
    return { commands: [this.#configured()], messages: [told] };
  }

  #configured() {
    const { format } = this.#config;
    return { type: 'configure' as const, format, options: liveOptionsOf(this.#config, this.#models) };
  }

  #append(bytes: Buffer, eventId: string | null): Translated<ServerEvent> {
    const { format } = this.#config;
    if (format.encoding === 'pcm_s16le' && bytes.length % 2 !== 0) {
      throw new UnreadableEvent(invalidParameter('audio', 'must be whole samples of two bytes'), eventId);
    }
    if (bytes.length === 0) return NOTHING;
    this.#sentMs += durationMsOf(bytes.length, format);
    return { commands: [{ type: 'audio', bytes }], messages: [] };
  }

  #commit(eventId: string | null): Translated<ServerEvent> {
    const bufferedMs = Math.floor(this.#sentMs - this.#bufferFromMs);
    if (bufferedMs < LEAST_COMMIT_MS) {
      const detail = `There are ${bufferedMs} ms of audio in the buffer, and ${LEAST_COMMIT_MS} ms are the least.`;
      const error = new SottoError('invalid_request', detail);
      const { message, type } = openAiError(error);
      const code = 'input_audio_buffer_commit_empty';
      return {
        commands: [],
        messages: [{ type: 'error', error: { message, type, param: null, code, event_id: eventId } }],
      };
    }
    this.#bufferFromMs = this.#sentMs;
    return { commands: [{ type: 'commit' }], messages: [] };
  }

  #sent(events: readonly ServerEvent[]): SentEvent[] {
    return events.map((event) => this.#one(event));
  }

  #one(event: ServerEvent): SentEvent {
    const { type, ...rest } = event;
    return { type, event_id: this.#newId('event'), ...rest } as SentEvent;
  }
}
