import { createHash } from 'node:crypto';
import { ERROR_CATALOG, LIVE_ENCODINGS, type LiveEnd, type LiveEvent, SottoError, type Word } from '@sotto/contracts';
import { z } from 'zod';
import { endError } from '../../doors/end-error.ts';
import { Frames } from '../../doors/frames.ts';
import { durationMsOf, type LiveCommand, NOTHING, type Translated } from '../../doors/live-command.ts';
import { uuidOf } from '../uuid-of.ts';
import { confidenceOf, deepgramWord, secondsOf, textOfWords } from '../words.ts';
import type { LiveWish } from './live-query.ts';
import type { ServerMessage } from './server-message.ts';
import { wordedWords } from './worded-words.ts';

export interface ListenOptions extends LiveWish {
  requestId: string;
  createdAtMs: number;
  /** The model that listens. */
  model: string;
  version: string;
}

const CONTROL = z.object({ type: z.enum(['KeepAlive', 'Finalize', 'CloseStream']) });

/** It takes so long until somebody who begins to speak is noticed. */
const UNHEARD_MS = 300;

/** One part of the text, final or not. */
interface Result {
  words: readonly Word[];
  language: string | null;
  endMs: number;
  isFinal: boolean;
  isSpeechFinal: boolean;
  isFromFinalize: boolean;
}

/**
 * Deepgram's protocol for live audio, both ways. What is final is never sent again: each result covers what follows the last
 * final one.
 */
export class ListenTranslator {
  readonly #options: ListenOptions;
  readonly #frames: Frames;
  readonly #hash = createHash('sha256');
  /** Of audio, sent so far. */
  #sentMs = 0;
  /** Everything before is final. */
  #finalMs = 0;
  /** Where utterances began that are not over. */
  readonly #open = new Map<number, number>();
  /** Ended by Finalize; their last text answers it. */
  readonly #finalizing = new Set<number>();
  /** Where a word ended last; null: UtteranceEnd was sent for it. */
  #lastWordMs: number | null = null;
  /** That was spoken last. */
  #language: string | null = null;

  constructor(options: ListenOptions) {
    this.#options = options;
    this.#frames = new Frames(options.channels, LIVE_ENCODINGS[options.format.encoding]);
  }

  hello(): Translated<ServerMessage> {
    const { format, options } = this.#options;
    return { commands: [{ type: 'configure', format, options }], messages: [] };
  }

  /** Audio; none at all is the older way to say CloseStream. */
  receiveAudio(bytes: Buffer): Translated<ServerMessage> {
    if (bytes.length === 0) return { commands: [{ type: 'finish' }], messages: [] };
    this.#hash.update(bytes);
    const whole = this.#frames.accept(bytes);
    if (whole.length === 0) return NOTHING;
    this.#sentMs += durationMsOf(whole.length, this.#options.format);
    return { commands: [{ type: 'audio', bytes: whole }], messages: this.#utteranceEnd() };
  }

  receive(text: string): Translated<ServerMessage> {
    const type = controlOf(text);
    if (type === null) {
      const description =
        'Text is {"type": "KeepAlive"}, {"type": "Finalize"} or {"type": "CloseStream"}; audio is binary.';
      return { commands: [], messages: [errorMessage('SchemaError', new SottoError('invalid_request', description))] };
    }
    const commands: Record<typeof type, LiveCommand> = {
      KeepAlive: { type: 'touch' },
      Finalize: { type: 'commit' },
      CloseStream: { type: 'finish' },
    };
    if (type === 'Finalize' && this.#sentMs === 0) return { commands: [], messages: [this.#nothingToFinalize(0)] };
    return { commands: [commands[type]], messages: [] };
  }

  /** Something that happened in the session. */
  tell(event: LiveEvent): ServerMessage[] {
    switch (event.type) {
      case 'speech_started':
        return this.#started(event);
      case 'partial':
        return this.#partial(event);
      case 'final':
        return this.#final(event);
      case 'committed':
        if (event.utterance === null) return [this.#nothingToFinalize(event.atMs)];
        this.#finalizing.add(event.utterance);
        return [];
      case 'ended':
        return this.#ended(event.by);
      default:
        return [];
    }
  }

  #started({ utterance, atMs }: Extract<LiveEvent, { type: 'speech_started' }>): ServerMessage[] {
    // The last text of the one before may still come.
    if (this.#open.size === 0) this.#finalMs = Math.max(this.#finalMs, atMs);
    this.#open.set(utterance, atMs);
    const before = this.#utteranceEnd();
    if (!this.#options.shape.hasSpeechStarted) return before;
    return [...before, { type: 'SpeechStarted', channel: [0], timestamp: secondsOf(atMs) }];
  }

  #partial({ words: heard }: Extract<LiveEvent, { type: 'partial' }>): ServerMessage[] {
    const words = this.#worded(heard, this.#language);
    if (!this.#options.shape.hasInterim || words.length === 0) return [];
    const kind = { isFinal: false, isSpeechFinal: false, isFromFinalize: false };
    return [this.#result({ words, language: null, endMs: heard.at(-1)?.endMs ?? 0, ...kind })];
  }

  /** Without words it says something only where it answers Finalize or ends an utterance. */
  #final({ utterance, words: heard, language, isLast }: Extract<LiveEvent, { type: 'final' }>): ServerMessage[] {
    this.#language = language ?? this.#language;
    const words = this.#worded(heard, language);
    if (isLast) this.#open.delete(utterance);
    else if (!this.#open.has(utterance)) this.#open.set(utterance, this.#finalMs);
    const isFromFinalize = isLast && this.#finalizing.delete(utterance);
    const endMs = Math.max(this.#finalMs, heard.at(-1)?.endMs ?? 0);
    this.#lastWordMs = heard.at(-1)?.endMs ?? this.#lastWordMs;
    const result = this.#result({ words, language, endMs, isFinal: true, isSpeechFinal: isLast, isFromFinalize });
    this.#finalMs = endMs;
    return [...(words.length === 0 && !isLast ? [] : [result]), ...this.#utteranceEnd()];
  }

  #ended(by: LiveEnd): ServerMessage[] {
    const error = endError(by);
    return [...(error === null ? [] : [errorMessage(by, error)]), this.#metadata()];
  }

  /** Where nothing was said for so long after the last word: up to where somebody begins to speak, or to what has arrived. */
  #utteranceEnd(): ServerMessage[] {
    const { utteranceEndMs } = this.#options.shape;
    if (utteranceEndMs === null || this.#lastWordMs === null) return [];
    const silentUntilMs = this.#open.size > 0 ? Math.min(...this.#open.values()) : this.#sentMs - UNHEARD_MS;
    if (silentUntilMs < this.#lastWordMs + utteranceEndMs) return [];
    const last_word_end = secondsOf(this.#lastWordMs);
    this.#lastWordMs = null;
    return [{ type: 'UtteranceEnd', channel: [0, 1], last_word_end }];
  }

  #worded(words: readonly Word[], language: string | null): Word[] {
    return wordedWords(words, this.#options.shape.wording, language);
  }

  #nothingToFinalize(atMs: number): ServerMessage {
    const endMs = Math.max(this.#finalMs, atMs);
    const kind = { isFinal: true, isSpeechFinal: false, isFromFinalize: true };
    const result = this.#result({ words: [], language: null, endMs, ...kind });
    this.#finalMs = endMs;
    return result;
  }

  #result({ words, language, endMs, isFinal, isSpeechFinal, isFromFinalize }: Result): ServerMessage {
    const { shape, requestId, model, version } = this.#options;
    const style = { isPunctuated: shape.isPunctuated, hasSpeakers: false };
    const startMs = this.#finalMs;
    return {
      type: 'Results',
      channel_index: [0, 1],
      start: secondsOf(startMs),
      duration: secondsOf(Math.max(0, endMs - startMs)),
      is_final: isFinal,
      speech_final: isSpeechFinal,
      from_finalize: isFromFinalize,
      channel: {
        alternatives: [
          {
            transcript: textOfWords(words, style),
            confidence: confidenceOf(words),
            ...(shape.isMultilingual && language !== null && { languages: [language] }),
            words: words.map((word) => deepgramWord(word, style)),
          },
        ],
      },
      metadata: {
        request_id: requestId,
        model_info: { name: model, version, arch: 'whisper' },
        model_uuid: uuidOf(model),
      },
    };
  }

  #metadata(): ServerMessage {
    const { requestId, createdAtMs, channels, model, version } = this.#options;
    const uuid = uuidOf(model);
    return {
      type: 'Metadata',
      transaction_key: 'deprecated',
      request_id: requestId,
      sha256: this.#hash.copy().digest('hex'),
      created: new Date(createdAtMs).toISOString(),
      duration: secondsOf(this.#sentMs),
      channels,
      models: [uuid],
      model_info: { [uuid]: { name: model, version, arch: 'whisper' } },
    };
  }
}

export function errorMessage(variant: string, { code, detail }: SottoError): ServerMessage {
  return { type: 'Error', variant, description: detail, message: `${code}: ${ERROR_CATALOG[code].message}` };
}

/** null: it is none that anybody knows. */
function controlOf(text: string): z.output<typeof CONTROL>['type'] | null {
  try {
    return CONTROL.parse(JSON.parse(text)).type;
  } catch {
    return null;
  }
}
