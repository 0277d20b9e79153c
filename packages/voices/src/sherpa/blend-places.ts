import type { VoiceMix } from '@sotto/contracts';
import { parseBlend } from '../blend.ts';
import type { BlendPack } from './protocol.ts';

/**
 * Where voices are in what is loaded: those of the file at their own places, and the blends and mixes that were asked for last at the
 * spare ones behind them. One that has none yet takes the place of the one that was asked for longest ago.
 */
export class BlendPlaces {
  readonly #voices: readonly string[];
  readonly #spare: number;
  /** Name -> its place and what it is, the one asked for last at the end. */
  readonly #blends = new Map<string, { place: number; mix: VoiceMix }>();

  constructor(voices: readonly string[], spare: number) {
    this.#voices = voices;
    this.#spare = spare;
  }

  /** `isNew`: what is loaded does not have it yet. @param mix what is called so; absent: a blend's name says it */
  placeOf(voice: string, mix?: VoiceMix): { place: number; isNew: boolean } {
    const own = this.#voices.indexOf(voice);
    // A model of one voice has no names in it.
    if (own >= 0 || this.#spare === 0) return { place: Math.max(0, own), isNew: false };
    const known = this.#blends.get(voice);
    const blend = known ?? { place: this.#freePlace(), mix: mix ?? mixOf(voice) };
    this.#blends.delete(voice);
    this.#blends.set(voice, blend);
    return { place: blend.place, isNew: known === undefined };
  }

  packs(): BlendPack[] {
    return [...this.#blends.values()].map(({ place, mix }) => {
      return { place, parts: mix.map(({ voice, share }) => ({ place: this.#voices.indexOf(voice), share })) };
    });
  }

  #freePlace(): number {
    if (this.#blends.size < this.#spare) return this.#voices.length + this.#blends.size;
    const [[oldest, { place }] = ['', { place: this.#voices.length }]] = this.#blends;
    this.#blends.delete(oldest);
    return place;
  }
}

function mixOf(blend: string): VoiceMix {
  const parts = parseBlend(blend);
  const sum = parts.reduce((total, { weight }) => total + weight, 0);
  return parts.map(({ voice, weight }) => ({ voice, share: weight / sum }));
}
