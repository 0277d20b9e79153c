import { type LiveEnd, type LiveEvent, SottoError, type Word } from '@sotto/contracts';
import { endError } from '../../doors/end-error.ts';
import { logprobsOf } from '../answers.ts';
import { openAiError } from '../errors.ts';
import type { ServerEvent } from './server-event.ts';

const TRANSCRIPTION = 'conversation.item.input_audio_transcription';

/** What is made of one utterance. */
interface Item {
  id: string;
  startMs: number;
  endMs: number | null;
  /** The client was told that somebody speaks. */
  isAnnounced: boolean;
  isCommitted: boolean;
  words: Word[];
  languages: Set<string>;
}

export interface ItemsOptions {
  newId(kind: 'item' | 'seg'): string;
  /** Whether the client wants them, at the moment. */
  hasLogprobs(): boolean;
}

/** Utterances as the client is told of them: each is an item, and its transcript is its deltas put together. */
export class Items {
  readonly #options: ItemsOptions;
  /** By utterance; those that are completed are forgotten. */
  readonly #items = new Map<number, Item>();
  #lastCommittedId: string | null = null;
  /** Where the last utterance ended. */
  #boundaryMs = 0;

  constructor(options: ItemsOptions) {
    this.#options = options;
  }

  /** Something that happened in the session. */
  tell(event: LiveEvent): ServerEvent[] {
    switch (event.type) {
      case 'speech_started':
        return this.#started(this.#item(event.utterance), event.atMs);
      case 'speech_stopped':
        return this.#stopped(this.#item(event.utterance), event.atMs);
      case 'final':
        return this.#final(event);
      case 'committed':
        return this.#committed(event);
      case 'cleared':
        if (event.utterance !== null) this.#items.delete(event.utterance);
        this.#boundaryMs = event.atMs;
        return [{ type: 'input_audio_buffer.cleared' }];
      case 'ended':
        return this.#ended(event.by);
      default:
        // A partial may still change, and deltas cannot be taken back.
        return [];
    }
  }

  #started(item: Item, audio_start_ms: number): ServerEvent[] {
    item.isAnnounced = true;
    item.startMs = audio_start_ms;
    return [{ type: 'input_audio_buffer.speech_started', audio_start_ms, item_id: item.id }];
  }

  #stopped(item: Item, audio_end_ms: number): ServerEvent[] {
    item.endMs = audio_end_ms;
    this.#boundaryMs = audio_end_ms;
    if (!item.isAnnounced) return [];
    return [{ type: 'input_audio_buffer.speech_stopped', audio_end_ms, item_id: item.id }, ...this.#commitItem(item)];
  }

  #commitItem(item: Item): ServerEvent[] {
    if (item.isCommitted) return [];
    item.isCommitted = true;
    const previous_item_id = this.#lastCommittedId;
    this.#lastCommittedId = item.id;
    return [{ type: 'input_audio_buffer.committed', item_id: item.id, previous_item_id }];
  }

  /** The client's own commit was reached. Where nobody spoke, its item says nothing. */
  #committed({ utterance, atMs }: Extract<LiveEvent, { type: 'committed' }>): ServerEvent[] {
    if (utterance !== null) return this.#commitItem(this.#item(utterance));
    const item = { ...this.#newItem(), endMs: atMs };
    this.#boundaryMs = atMs;
    return [...this.#commitItem(item), this.#completed(item)];
  }

  #final({ utterance, words, language, isLast }: Extract<LiveEvent, { type: 'final' }>): ServerEvent[] {
    const item = this.#item(utterance);
    if (language !== null && words.length > 0) item.languages.add(language);
    const told = words.length === 0 ? [] : this.#deltas(item, words);
    if (!isLast) return told;
    this.#items.delete(utterance);
    return [...told, ...this.#commitItem(item), this.#completed(item)];
  }

  #deltas(item: Item, words: readonly Word[]): ServerEvent[] {
    const isFirst = item.words.length === 0;
    item.words.push(...words);
    const text = textOf(words);
    const content = { item_id: item.id, content_index: 0 as const };
    return [
      {
        type: `${TRANSCRIPTION}.delta`,
        ...content,
        delta: isFirst ? text.trimStart() : text,
        ...this.#logprobs(words),
      },
      {
        type: `${TRANSCRIPTION}.segment`,
        ...content,
        id: this.#options.newId('seg'),
        start: (words[0]?.startMs ?? 0) / 1_000,
        end: (words.at(-1)?.endMs ?? 0) / 1_000,
        text: text.trim(),
        speaker: '',
      },
    ];
  }

  #completed(item: Item): ServerEvent {
    const { id, words, startMs, endMs, languages } = item;
    const durationMs = Math.max(0, (endMs ?? words.at(-1)?.endMs ?? startMs) - startMs);
    return {
      type: `${TRANSCRIPTION}.completed`,
      item_id: id,
      content_index: 0,
      transcript: textOf(words).trimStart(),
      usage: { type: 'duration', seconds: durationMs / 1_000 },
      ...(languages.size > 0 && { languages: Array.from(languages, (code) => ({ code })) }),
      ...this.#logprobs(words),
    };
  }

  #logprobs(words: readonly Word[]) {
    return this.#options.hasLogprobs() ? { logprobs: logprobsOf([{ words: [...words] }]) } : {};
  }

  /** What was promised and does not come any more, and why the session is over. */
  #ended(by: LiveEnd): ServerEvent[] {
    const error = endError(by);
    const lost = [...this.#items.values()].filter(({ isCommitted }) => isCommitted);
    this.#items.clear();
    const why = openAiError(error ?? new SottoError('transcription_failed', 'The session is over.'));
    const failures = lost.map(({ id }): ServerEvent => {
      return { type: `${TRANSCRIPTION}.failed`, item_id: id, content_index: 0, error: why };
    });
    return error === null ? failures : [...failures, { type: 'error', error: { ...why, event_id: null } }];
  }

  #item(utterance: number): Item {
    const known = this.#items.get(utterance);
    if (known !== undefined) return known;
    const item = this.#newItem();
    this.#items.set(utterance, item);
    return item;
  }

  #newItem(): Item {
    const state = { startMs: this.#boundaryMs, endMs: null, isAnnounced: false, isCommitted: false };
    return { id: this.#options.newId('item'), ...state, words: [], languages: new Set() };
  }
}

const textOf = (words: readonly Word[]): string => words.map(({ word }) => word).join('');
