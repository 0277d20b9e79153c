import {
  endpointingSchema,
  LIVE_RATES,
  type LiveEvent,
  type LiveFormat,
  type LiveOptions,
  liveFormatSchema,
  parseLanguage,
  SottoError,
  wireKeytermsSchema,
} from '@sotto/contracts';
import { z } from 'zod';
import { endError } from '../doors/end-error.ts';
import { Frames } from '../doors/frames.ts';
import { NOTHING, type Translated } from '../doors/live-command.ts';
import { invalidParameter, parseParameters } from '../http/invalid-parameter.ts';
import type { WyomingEvent } from './wire.ts';

export interface WyomingMessage {
  type: string;
  data: Record<string, unknown>;
}

/** Bytes of one sample; others are none that anybody's microphone gives. */
const SAMPLE_BYTES = 2;
const MAX_CHANNELS = 8;

const names = z.array(z.string().max(100)).max(500).nullish();

const transcribeSchema = z.object({
  name: z.string().max(100).nullish(),
  language: z.string().max(40).nullish(),
  vad_sensitivity: z.string().nullish(),
  transcript_names: names,
  transcript_terms: names,
});

const audioSchema = z.object({
  rate: z.number().refine((rate) => liveFormatSchema.shape.sampleRate.safeParse(rate).success, {
    error: `must be one of ${LIVE_RATES.join(', ')}`,
  }),
  width: z.literal(SAMPLE_BYTES, { error: 'must be 2: samples have 16 bits' }),
  channels: z.int().min(1).max(MAX_CHANNELS),
});

/** How soon a pause ends an utterance; the text of all of them is one transcript. */
const SILENCE_MS: Record<string, number> = { relaxed: 1_000, aggressive: 300 };
const USUAL_SILENCE_MS = 500;
/** Names of people and things go before other terms. */
const NAME_WEIGHT = 2;

const NO_WISH: Omit<LiveOptions, 'endpointing'> = { language: null, model: null, prompt: null };

/**
 * Wyoming's part for speech to text, both ways. waiting -> listening (audio-start) -> finishing (audio-stop) -> waiting. Each
 * such round is a session of its own; `finishing` ends with its transcript.
 */
export class WyomingTranslator {
  /** What `describe` is answered with. */
  readonly #info: Record<string, unknown>;
  #options: LiveOptions = { ...NO_WISH, endpointing: endpointingSchema.parse({}) };
  #state: 'waiting' | 'listening' | 'finishing' = 'waiting';
  #format: { format: LiveFormat; channels: number } | null = null;
  #frames: Frames | null = null;
  #hasAudio = false;
  #text = '';
  #isStreaming = false;
  #language: string | null = null;

  constructor(info: Record<string, unknown>) {
    this.#info = info;
  }

  /** The transcript of what was sent is still to come: nothing else is read until then. */
  get isFinishing(): boolean {
    return this.#state === 'finishing';
  }

  /** Unknown events are of no consequence, as the protocol wants it. @throws SottoError: what is wrong with this one */
  receive({ type, data, payload }: WyomingEvent): Translated<WyomingMessage> {
    switch (type) {
      case 'describe':
        return answer({ type: 'info', data: this.#info });
      case 'ping':
        return answer({ type: 'pong', data: { text: data.text ?? null } });
      case 'transcribe':
        this.#options = optionsOf(parseParameters(transcribeSchema, data));
        return NOTHING;
      case 'audio-start':
        return this.#start(data);
      case 'audio-chunk':
        return this.#chunk(data, payload);
      case 'audio-stop':
        return this.#stop();
      default:
        return NOTHING;
    }
  }

  /** Something that happened in the session. */
  tell(event: LiveEvent): WyomingMessage[] {
    if (event.type === 'final') return this.#final(event);
    if (event.type !== 'ended') return [];
    const error = endError(event.by);
    return [...(error === null ? [] : [errorMessage(error)]), ...this.#transcript()];
  }

  #start(data: Record<string, unknown>): Translated<WyomingMessage> {
    const format = formatIn(data);
    if (this.#state === 'listening')
      throw new SottoError('invalid_request', 'audio-start comes after the last audio-stop.');
    this.#format = format;
    this.#frames = new Frames(format.channels, SAMPLE_BYTES);
    this.#state = 'listening';
    return { commands: [{ type: 'configure', format: format.format, options: this.#options }], messages: [] };
  }

  /** The official client says with each chunk how it is. */
  #chunk(data: Record<string, unknown>, payload: Buffer): Translated<WyomingMessage> {
    const { format, channels } = formatIn(data);
    if (this.#state !== 'listening' || this.#format === null || this.#frames === null) {
      throw new SottoError('invalid_request', 'audio-chunk comes after audio-start.');
    }
    if (format.sampleRate !== this.#format.format.sampleRate || channels !== this.#format.channels) {
      throw invalidParameter('rate', 'must be that of audio-start, and so must channels');
    }
    if (payload.length % (SAMPLE_BYTES * channels) !== 0)
      throw invalidParameter('payload_length', 'must be whole samples');
    const bytes = this.#frames.accept(payload);
    if (bytes.length === 0) return NOTHING;
    this.#hasAudio = true;
    return { commands: [{ type: 'audio', bytes }], messages: [] };
  }

  #stop(): Translated<WyomingMessage> {
    if (this.#state !== 'listening') throw new SottoError('invalid_request', 'audio-stop comes after audio-start.');
    if (!this.#hasAudio) return { commands: [], messages: this.#transcript() };
    this.#state = 'finishing';
    return { commands: [{ type: 'finish' }], messages: [] };
  }

  #final({ words, language }: Extract<LiveEvent, { type: 'final' }>): WyomingMessage[] {
    const said = words.map(({ word }) => word).join('');
    if (said === '') return [];
    this.#language ??= language;
    const text = this.#text === '' ? said.trimStart() : said;
    this.#text += text;
    const begun = this.#isStreaming ? [] : [{ type: 'transcript-start', data: this.#languageData() }];
    this.#isStreaming = true;
    return [...begun, { type: 'transcript-chunk', data: { text } }];
  }

  /** Of the whole round, whose chunks are the same text. */
  #transcript(): WyomingMessage[] {
    const language = this.#languageData();
    const messages = [
      ...(this.#isStreaming ? [] : [{ type: 'transcript-start', data: language }]),
      { type: 'transcript', data: { text: this.#text, ...language } },
      { type: 'transcript-stop', data: {} },
    ];
    this.#state = 'waiting';
    this.#hasAudio = false;
    this.#text = '';
    this.#isStreaming = false;
    this.#language = null;
    return messages;
  }

  #languageData(): Record<string, unknown> {
    return this.#language === null ? {} : { language: this.#language };
  }
}

export function errorMessage({ code, message, detail }: SottoError): WyomingMessage {
  return { type: 'error', data: { text: detail === '' ? message : detail, code } };
}

const answer = (message: WyomingMessage): Translated<WyomingMessage> => ({ commands: [], messages: [message] });

function formatIn(data: Record<string, unknown>): { format: LiveFormat; channels: number } {
  const { rate, channels } = parseParameters(audioSchema, data);
  return { format: liveFormatSchema.parse({ encoding: 'pcm_s16le', sampleRate: rate }), channels };
}

/** @throws SottoError `invalid_parameter` */
function optionsOf(asked: z.output<typeof transcribeSchema>): LiveOptions {
  const { name, language, vad_sensitivity: sensitivity } = asked;
  const terms = [...(asked.transcript_terms ?? []), ...(asked.transcript_names ?? []).map(weighted)];
  const keyterms = parseParameters(z.object({ transcript_terms: wireKeytermsSchema }), { transcript_terms: terms });
  const code = language == null || language === '' ? null : parseLanguage(language);
  if (language && code === null) throw invalidParameter('language', 'is not a language Whisper knows');
  return {
    language: code,
    model: name == null || name === '' ? null : name,
    prompt: null,
    ...(keyterms.transcript_terms.length > 0 && { keyterms: keyterms.transcript_terms }),
    endpointing: endpointingSchema.parse({ silenceMs: SILENCE_MS[sensitivity ?? ''] ?? USUAL_SILENCE_MS }),
  };
}

const weighted = (text: string) => ({ text, weight: NAME_WEIGHT });
