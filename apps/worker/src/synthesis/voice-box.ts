import type { EngineReport, SpokenWith } from '@sotto/contracts';
import { Postponed } from '@sotto/queue';
import type { Engines, SpeechEngine, SpokenPiece } from '@sotto/voices';
import type { EngineReading } from '../events/engine-gauges.ts';
import type { EngineReporter } from '../models/engine-reporter.ts';
import { RightOfWay } from '../models/right-of-way.ts';
import { Speed } from '../models/speed.ts';

/** Short: a worker that has the engine may be idle. */
export const PASS_ON = { firstMs: 50, maxMs: 1_000 };

/** A piece, spoken. */
export interface Spoken {
  samples: Int16Array;
  sampleRateHz: number;
  /** Wall time of the engine, from when it was asked. */
  engineMs: number;
}

/** The engines of this worker that speak, and how busy and how fast they are. */
export class VoiceBox implements EngineReporter {
  readonly engines: Engines;
  /** Pieces that are worked on at once: while the engine speaks one, others are read and stored. */
  readonly slots: number;
  /** Texts go first: whatever else uses these engines' processors waits for them. */
  readonly rightOfWay = new RightOfWay();
  /** Of all pieces, for whoever watches. */
  readonly #speed = new Speed();
  readonly #speeds = new WeakMap<SpeechEngine, Speed>();
  #busy = 0;

  constructor(engines: Engines, slots: number) {
    this.engines = engines;
    this.slots = slots;
  }

  /** Whether voices are installed here, now. */
  get canSpeak(): boolean {
    return this.engines.engines.length > 0;
  }

  /**
   * @throws Postponed where only other workers have the engine; SottoError as SpeechEngine.speak does; the signal's reason
   */
  async speak(piece: SpokenPiece, { name, digest }: SpokenWith, signal: AbortSignal): Promise<Spoken> {
    const engine = this.#find({ name, digest });
    if (engine === undefined) throw new Postponed(`${name} is for a worker that has it`, PASS_ON);
    const { sampleRateHz } = engine;
    const startedMs = performance.now();
    this.#busy += 1;
    try {
      const speaking = () => engine.speak(piece, signal);
      // Another server needs none of these processors.
      const samples = await (engine.remote ? speaking() : this.rightOfWay.during(speaking));
      const engineMs = performance.now() - startedMs;
      for (const speed of [this.#speed, this.#speedOf(engine)]) {
        speed.add((samples.length / sampleRateHz) * 1000, engineMs);
      }
      return { samples, sampleRateHz, engineMs };
    } finally {
      this.#busy -= 1;
    }
  }

  /** Whether it says a piece in the same samples whenever it is asked to. */
  saysTheSame(engine: Pick<SpokenWith, 'name' | 'digest'>): boolean {
    return this.#find(engine)?.isDeterministic === true;
  }

  /** How many seconds of speech it makes in one, as last measured. */
  rtfxOf(engine: SpeechEngine): number {
    return this.#speedOf(engine).rtfx ?? engine.usualRtfx;
  }

  reading(): EngineReading {
    const busy = Math.min(this.slots, this.#busy);
    return { kind: 'speak', device: 'cpu', slots: this.slots, busy, speed: this.#speed.rtfx, live: undefined };
  }

  report(): EngineReport {
    const { engines } = this.engines;
    return {
      ...this.reading(),
      defaultModel: engines[0]?.model ?? null,
      models: engines.map(({ model: name, digest, warning = null }) => ({
        name,
        digest,
        bytes: 0,
        multilingual: true,
        loaded: true,
        fits: true,
        realtimeFactor: null,
        memoryBytes: null,
        warning,
      })),
    };
  }

  #speedOf(engine: SpeechEngine): Speed {
    const speed = this.#speeds.get(engine) ?? new Speed();
    this.#speeds.set(engine, speed);
    return speed;
  }

  #find({ name, digest }: Pick<SpokenWith, 'name' | 'digest'>): SpeechEngine | undefined {
    return this.engines.engines.find((engine) => engine.name === name && engine.digest === digest);
  }
}
