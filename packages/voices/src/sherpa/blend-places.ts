import { parseBlend } from '../blend.ts';
import type { BlendPack } from './protocol.ts';

/**
 * Where voices are in what is loaded: those of the file at their own places, and the blends that were asked for last at the spare ones
 * behind them. A blend that has none yet takes the place of the one that was asked for longest ago.
 */
export class BlendPlaces {
  readonly #voices: readonly string[];
  readonly #spare: number;
  /** Blend -> its place, the one asked for last at the end. */
  readonly #blends = new Map<string, number>();

  constructor(voices: readonly string[], spare: number) {
    this.#voices = voices;
    this.#spare = spare;
  }

  /** `isNew`: what is loaded does not have it yet. */
  placeOf(voice: string): { place: number; isNew: boolean } {
    const own = this.#voices.indexOf(voice);
    // A model of one voice has no names in it.
    if (own >= 0 || this.#spare === 0) return { place: Math.max(0, own), isNew: false };
    const known = this.#blends.get(voice);
    const place = known ?? this.#freePlace();
    this.#blends.delete(voice);
    this.#blends.set(voice, place);
    return { place, isNew: known === undefined };
  }

  packs(): BlendPack[] {
    return [...this.#blends].map(([blend, place]) => {
      const parts = parseBlend(blend);
      const sum = parts.reduce((total, { weight }) => total + weight, 0);
      const places = parts.map(({ voice, weight }) => ({ place: this.#voices.indexOf(voice), share: weight / sum }));
      return { place, parts: places };
    });
  }

  #freePlace(): number {
    if (this.#blends.size < this.#spare) return this.#voices.length + this.#blends.size;
    const [[oldest, place] = ['', this.#voices.length]] = this.#blends;
    this.#blends.delete(oldest);
    return place;
  }
}
