import { type LanguageCode, languageCodeSchema, SottoError } from '@sotto/contracts';
import type { JobContext, PiecePayload, SpokenWords } from '@sotto/queue';
import type { Lifecycle } from '@sotto/runtime';
import { afterPauses } from '@sotto/voices';
import { MAX_WINDOW_SAMPLES, SAMPLE_RATE } from '@sotto/whisper';
import { resampled } from '../../media/resampled.ts';
import type { Engine } from '../../models/engine.ts';
import { goesFirst } from '../../window/engine-call.ts';
import { writtenWords } from './written-words.ts';

export interface WordTimesDeps {
  /** null: this process finds none, and leaves them to others. */
  engine: Pick<Engine, 'transcribe'> | null;
  spokenWords: Pick<SpokenWords, 'put'>;
  lifecycle: Pick<Lifecycle, 'signal'>;
}

export interface PieceSound {
  samples: Int16Array;
  sampleRateHz: number;
}

/** What is spoken, and of which run. */
export type SpokenPieceText = Pick<PiecePayload, 'runId' | 'index' | 'shown' | 'language'>;

type Context = Pick<JobContext, 'signal' | 'lane'>;

/** Silence after a piece: what is heard in it is known, so that little is enough. */
const TAIL_MS = 1_000;
/** Sounds that wait at once; what is more is found in jobs of its own. */
const MOST_WAITING = 16;
/** Where engines that speak and engines that listen have other codes for a language. */
const OTHER_CODES: Readonly<Record<string, string>> = { cmn: 'zh', nb: 'no', fil: 'tl', jv: 'jw' };

/**
 * Finds when the words of what was spoken are heard, by the engine that transcribes: it is told the text, and says where in
 * the sound it is. Pieces that this process has just spoken are looked at in the background, one after the other, and
 * nothing waits for them; what is lost that way, the driver of the text has found by jobs.
 */
export class WordTimes {
  readonly #deps: WordTimesDeps;
  readonly #waiting = new Map<string, number>();
  #last: Promise<unknown> = Promise.resolve();
  #count = 0;

  constructor(deps: WordTimesDeps) {
    this.#deps = deps;
  }

  /** Of a piece that has just been spoken here. */
  later(piece: SpokenPieceText, sound: PieceSound, { lane }: Pick<Context, 'lane'>): void {
    const { engine, lifecycle } = this.#deps;
    if (engine === null || lifecycle.signal.aborted || this.#count >= MOST_WAITING) return;
    const { runId } = piece;
    this.#note(runId, 1);
    const context = { signal: lifecycle.signal, lane };
    this.#last = this.#last
      .then(() => this.find(piece, sound, context))
      // Whatever it is: its driver tries again, and tells what is wrong then.
      .catch(() => {})
      .finally(() => this.#note(runId, -1));
  }

  /** Resolves when nothing of that run waits here. */
  async settled(runId: string): Promise<void> {
    while (this.#waiting.has(runId)) await this.#last;
  }

  /**
   * Stores when the words of a piece are heard.
   *
   * @throws SottoError `language_not_supported`, `transcription_failed` where the text is not found; what engine and queue
   *   throw
   */
  async find({ runId, index, shown, language }: SpokenPieceText, sound: PieceSound, context: Context): Promise<void> {
    const { engine, spokenWords } = this.#deps;
    if (engine === null) throw new Error('a worker without an engine was to find words');
    const pcm = heardAs(sound);
    const code = languageOf(language);
    const options = { language: code, given: shown, tailMs: TAIL_MS };
    const { signal, lane } = context;
    const heard = await engine.transcribe(null, pcm, options, { signal, urgent: goesFirst(lane) });
    const tokens = heard.segments.flatMap((segment) => segment.tokens);
    const words = writtenWords(shown, tokens, code, Math.floor((pcm.length * 1000) / SAMPLE_RATE));
    if (words === null) throw new SottoError('transcription_failed', 'The model cannot spell all of the text.');
    await spokenWords.put(runId, index, afterPauses(words, pcm, SAMPLE_RATE));
  }

  #note(runId: string, change: number): void {
    this.#count += change;
    const left = (this.#waiting.get(runId) ?? 0) + change;
    if (left > 0) this.#waiting.set(runId, left);
    else this.#waiting.delete(runId);
  }
}

/** @throws SottoError `language_not_supported` */
export function languageOf(tag: string): LanguageCode {
  const [base = ''] = tag.toLowerCase().split(/[-_]/);
  const known = languageCodeSchema.safeParse(OTHER_CODES[base] ?? base);
  if (known.success) return known.data;
  throw new SottoError('language_not_supported', `No model hears the words of "${tag}".`);
}

/** @throws SottoError `transcription_failed` for more than the engine hears at once */
function heardAs({ samples, sampleRateHz }: PieceSound): Int16Array {
  const pcm = resampled(samples, sampleRateHz, SAMPLE_RATE);
  if (pcm.length > MAX_WINDOW_SAMPLES) throw new SottoError('transcription_failed', 'A piece is longer than 30 s.');
  return pcm;
}
