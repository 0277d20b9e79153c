import { createRequire } from 'node:module';
import type { Span } from '@sotto/contracts';
import { SAMPLE_RATE, SAMPLES_PER_MS, toFloats } from '../media/pcm.ts';
import type { SpeechDetection, SpeechDetector } from './detector.ts';

/** Silero's step at 16 kHz (32 ms). */
const FRAME_SAMPLES = 512;
const MIN_SILENCE_SECONDS = 0.16;
const MIN_SPEECH_SECONDS = 0.1;
const THRESHOLD = 0.5;
/** Talk longer than this is ended at its next weak spot, which bounds what the detector must buffer. */
const MAX_SPEECH_SECONDS = 60;
const BUFFER_SECONDS = 90;

/** The part of sherpa-onnx-node's Vad that is used here; its package has no types that TypeScript finds. */
interface SherpaVad {
  acceptWaveform(samples: Float32Array): void;
  flush(): void;
  /** As new: nothing heard, the next sample is the first. */
  reset(): void;
  isEmpty(): boolean;
  /** `start` in samples. false: plain memory of ours, since external buffers are refused by some runtimes. */
  front(enableExternalBuffer: boolean): { start: number; samples: Float32Array };
  pop(): void;
}

/** More recordings than this are seldom prepared at once; each of these keeps some 10 MB. */
const MAX_IDLE = 4;

/** Making one reads and optimises the model, which takes longer than finding the speech of a short clip. */
class VadPool {
  readonly #make: () => SherpaVad;
  readonly #idle: SherpaVad[];

  constructor(make: () => SherpaVad) {
    this.#make = make;
    this.#idle = [make()];
  }

  take(): SherpaVad {
    return this.#idle.pop() ?? this.#make();
  }

  giveBack(vad: SherpaVad): void {
    if (this.#idle.length >= MAX_IDLE) return;
    vad.reset();
    this.#idle.push(vad);
  }
}

/**
 * Silero VAD v6 (snakers4/silero-vad) through sherpa-onnx; the model file comes with @ricky0123/vad-web.
 * About 300 times real time on one core.
 * @throws when the native library or the model cannot be loaded on this machine
 */
export function loadSilero(): SpeechDetection {
  const require = createRequire(import.meta.url);
  const sherpa: { Vad: new (config: object, bufferSeconds: number) => SherpaVad } = require('sherpa-onnx-node');
  const model = require.resolve('@ricky0123/vad-web/dist/silero_vad_v6.onnx');
  const pool = new VadPool(() => new sherpa.Vad(vadConfig(model), BUFFER_SECONDS));
  return { name: 'silero', newDetector: () => new SileroDetector(pool) };
}

function vadConfig(model: string): object {
  return {
    sileroVad: {
      model,
      threshold: THRESHOLD,
      minSilenceDuration: MIN_SILENCE_SECONDS,
      minSpeechDuration: MIN_SPEECH_SECONDS,
      maxSpeechDuration: MAX_SPEECH_SECONDS,
      windowSize: FRAME_SAMPLES,
    },
    sampleRate: SAMPLE_RATE,
    numThreads: 1,
    provider: 'cpu',
    debug: 0,
  };
}

/** listening -> finished, when its Vad serves the next; one that is never finished keeps it, and both are forgotten. */
class SileroDetector implements SpeechDetector {
  readonly #pool: VadPool;
  readonly #vad: SherpaVad;
  readonly #segments: Span[] = [];
  #torn = new Float32Array(0);

  constructor(pool: VadPool) {
    this.#pool = pool;
    this.#vad = pool.take();
  }

  /** Frame by frame: given more at once, the library answers for all of it as one. */
  accept(pcm: Int16Array): void {
    const samples = new Float32Array(this.#torn.length + pcm.length);
    samples.set(this.#torn);
    samples.set(toFloats(pcm), this.#torn.length);
    let at = 0;
    for (; at + FRAME_SAMPLES <= samples.length; at += FRAME_SAMPLES) {
      this.#vad.acceptWaveform(samples.subarray(at, at + FRAME_SAMPLES));
    }
    this.#torn = samples.slice(at);
    this.#collect();
  }

  finish(): Span[] {
    const last = new Float32Array(FRAME_SAMPLES);
    last.set(this.#torn);
    this.#vad.acceptWaveform(last);
    this.#vad.flush();
    this.#collect();
    this.#pool.giveBack(this.#vad);
    return this.#segments;
  }

  #collect(): void {
    while (!this.#vad.isEmpty()) {
      const { start, samples } = this.#vad.front(false);
      this.#segments.push({
        startMs: Math.floor(start / SAMPLES_PER_MS),
        endMs: Math.ceil((start + samples.length) / SAMPLES_PER_MS),
      });
      this.#vad.pop();
    }
  }
}
