import { MAX_SPEED, MIN_SPEED, SottoError, type SpeechOptions, type TextPiece, type Warning } from '@sotto/contracts';
import type { Engines, ResolvedVoice } from '@sotto/voices';
import type { Piece } from './text/cut/pieces.ts';

/** What a text may ask for in the middle of it; null: as the whole of it is spoken. */
type Wish = Pick<Piece, 'voice' | 'language'>;

/**
 * Gives each piece its voice. All of a text is spoken by one engine, since its sound has one sample rate; what a part of it
 * asks for and cannot have is spoken as the rest is, with a warning.
 */
export class PieceVoices {
  readonly warnings: Warning[] = [];
  readonly #options: SpeechOptions;
  readonly #usual: ResolvedVoice;
  readonly #engines: Pick<Engines, 'resolve'>;
  readonly #known = new Map<string, ResolvedVoice>();

  constructor(options: SpeechOptions, usual: ResolvedVoice, engines: Pick<Engines, 'resolve'>) {
    this.#options = options;
    this.#usual = usual;
    this.#engines = engines;
  }

  of({ shown, spoken, pauseMs, voice, language, speed }: Piece): TextPiece {
    const wished = this.#voiceOf({ voice, language });
    const asFast = Math.min(MAX_SPEED, Math.max(MIN_SPEED, this.#options.speed * speed));
    return { shown, spoken, pauseMs, voice: wished.voice, language: wished.language, speed: asFast };
  }

  #voiceOf(wish: Wish): ResolvedVoice {
    if (wish.voice === null && wish.language === null) return this.#usual;
    const name = JSON.stringify([wish.voice, wish.language]);
    const known = this.#known.get(name) ?? this.#resolve(wish);
    this.#known.set(name, known);
    return known;
  }

  #resolve({ voice, language }: Wish): ResolvedVoice {
    try {
      const asked = { voice: voice ?? this.#options.voice, language: language ?? 'auto' };
      const resolved = this.#engines.resolve(asked);
      if (resolved.engine === this.#usual.engine) return resolved;
      this.#warn(`The voice ${resolved.voice} is of another engine than ${this.#usual.voice}.`);
    } catch (error) {
      if (!(error instanceof SottoError)) throw error;
      this.#warn(error.detail);
    }
    return this.#usual;
  }

  #warn(why: string): void {
    this.warnings.push({ code: 'voice_replaced', detail: `${why} This part is spoken as the rest is.` });
  }
}
