import { createRequire } from 'node:module';
import type { Span } from '@sotto/contracts';
import { SPEECH_STEP_SAMPLES, type SpeechListener, SpeechNetwork } from '@sotto/whisper';
import { SAMPLES_PER_MS } from '../media/pcm.ts';
import type { SpeechDetection, SpeechDetector } from './detector.ts';
import { type SampleSpan, Segmenter, type SegmenterOptions } from './segmenter.ts';

const SEGMENTS: SegmenterOptions = {
  stepSamples: SPEECH_STEP_SAMPLES,
  threshold: 0.5,
  hysteresis: 0.15,
  minSpeechSamples: 100 * SAMPLES_PER_MS,
  minSilenceSamples: 160 * SAMPLES_PER_MS,
  leadSamples: 72 * SAMPLES_PER_MS,
  maxSpeechSamples: 60_000 * SAMPLES_PER_MS,
  weak: { threshold: 0.9, minSilenceSamples: 100 * SAMPLES_PER_MS },
};

/**
 * Silero VAD v6 (snakers4/silero-vad) in the engine's own kernels; the model file comes with @ricky0123/vad-web.
 * @throws SottoError `model_load_failed`: the engine or the model cannot be loaded on this machine
 */
export function loadSilero(): SpeechDetection {
  const network = loadSileroNetwork();
  return { name: 'silero', newDetector: (threshold) => new SileroDetector(network.newListener(), threshold) };
}

/** @throws as loadSilero */
export function loadSileroNetwork(): SpeechNetwork {
  const require = createRequire(import.meta.url);
  return SpeechNetwork.load(require.resolve('@ricky0123/vad-web/dist/silero_vad_v6.onnx'));
}

class SileroDetector implements SpeechDetector {
  readonly #listener: SpeechListener;
  readonly #segmenter: Segmenter;
  readonly #segments: Span[] = [];

  constructor(listener: SpeechListener, threshold = SEGMENTS.threshold) {
    this.#listener = listener;
    this.#segmenter = new Segmenter({ ...SEGMENTS, threshold });
  }

  accept(pcm: Int16Array): void {
    this.#keep(this.#segmenter.accept(this.#listener.accept(pcm)));
  }

  finish(): Span[] {
    this.#keep(this.#segmenter.accept(this.#listener.finish()));
    this.#keep(this.#segmenter.finish());
    return this.#segments;
  }

  #keep(segments: SampleSpan[]): void {
    for (const { from, to } of segments) {
      this.#segments.push({ startMs: Math.floor(from / SAMPLES_PER_MS), endMs: Math.ceil(to / SAMPLES_PER_MS) });
    }
  }
}
