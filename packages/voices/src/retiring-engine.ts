import type { OfferedVoice } from '@sotto/contracts';
import type { SpeechEngine, SpokenPiece } from './engine.ts';

/** An engine that can be taken away without breaking off what it says. open -> retiring (says what it was given) -> closed. */
export class RetiringEngine implements SpeechEngine {
  readonly #engine: SpeechEngine;
  readonly #speaking = new Set<Promise<unknown>>();

  constructor(engine: SpeechEngine) {
    this.#engine = engine;
  }

  get name(): string {
    return this.#engine.name;
  }

  get model(): string {
    return this.#engine.model;
  }

  get digest(): string {
    return this.#engine.digest;
  }

  get sampleRateHz(): number {
    return this.#engine.sampleRateHz;
  }

  get isDeterministic(): boolean {
    return this.#engine.isDeterministic;
  }

  get canBlend(): boolean {
    return this.#engine.canBlend;
  }

  get usualRtfx(): number {
    return this.#engine.usualRtfx;
  }

  get longestSeconds(): number {
    return this.#engine.longestSeconds;
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

  speak(piece: SpokenPiece, signal: AbortSignal): Promise<Int16Array> {
    const speaking = this.#engine.speak(piece, signal);
    this.#speaking.add(speaking);
    void speaking.catch(() => {}).finally(() => this.#speaking.delete(speaking));
    return speaking;
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  /** Closes it when it has said what it was given. */
  async retire(): Promise<void> {
    await Promise.allSettled(this.#speaking);
    await this.close();
  }
}
