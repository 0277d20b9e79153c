import { createHash } from 'node:crypto';
import type { OfferedVoice } from '@sotto/contracts';
import type { SpeechEngine, SpokenPiece } from '../engine.ts';
import { evened, TARGET_LUFS } from './even.ts';
import { integratedLoudness } from './integrated-loudness.ts';
import { usualLoudness } from './voice-loudness.ts';

/** Counts changes of what is done here: engines that do it otherwise speak otherwise. */
const VERSION = 1;
/** What is shorter tells too little of how loud a voice is. */
const SHORTEST_TO_MEASURE_MS = 1_500;
/** Of a voice that nobody has measured, in a piece that is too short. */
const UNKNOWN_LUFS = -21;
/** What is louder than it should be by more, or quieter, is meant to be. */
const MOST_GAIN_DB = 15;

/**
 * An engine whose voices are all as loud as those of others. A voice that has been measured is given the same gain for whatever it says, so
 * that a short word stays as loud as its voice says it; any other is measured piece by piece.
 */
export class EvenEngine implements SpeechEngine {
  readonly name: string;
  readonly model: string;
  readonly digest: string;
  readonly sampleRateHz: number;
  readonly isDeterministic: boolean;
  readonly canBlend: boolean;
  readonly usualRtfx: number;
  readonly longestSeconds: number;
  readonly #engine: SpeechEngine;

  constructor(engine: SpeechEngine) {
    this.name = engine.name;
    this.model = engine.model;
    this.digest = createHash('sha256').update(`${engine.digest} even ${VERSION}`).digest('hex');
    this.sampleRateHz = engine.sampleRateHz;
    this.isDeterministic = engine.isDeterministic;
    this.canBlend = engine.canBlend;
    this.usualRtfx = engine.usualRtfx;
    this.longestSeconds = engine.longestSeconds;
    this.#engine = engine;
  }

  get remote(): SpeechEngine['remote'] {
    return this.#engine.remote;
  }

  get warning(): string | null {
    return this.#engine.warning ?? null;
  }

  get pid(): number | undefined {
    return this.#engine.pid;
  }

  voices(): readonly OfferedVoice[] {
    return this.#engine.voices();
  }

  async speak(piece: SpokenPiece, signal: AbortSignal): Promise<Int16Array> {
    const samples = await this.#engine.speak(piece, signal);
    if (samples.length === 0) return samples;
    return evened(samples, this.#gainDb(piece.voice, samples), this.sampleRateHz);
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  #gainDb(voice: string, samples: Int16Array): number {
    const loudness = usualLoudness(this.name, voice) ?? this.#measured(samples) ?? UNKNOWN_LUFS;
    return Math.max(-MOST_GAIN_DB, Math.min(MOST_GAIN_DB, TARGET_LUFS - loudness));
  }

  #measured(samples: Int16Array): number | null {
    if ((samples.length / this.sampleRateHz) * 1000 < SHORTEST_TO_MEASURE_MS) return null;
    return integratedLoudness(samples, this.sampleRateHz);
  }
}
