import { createRequire } from 'node:module';
import type { Span } from '@sotto/contracts';

const FRAME_SAMPLES = 512;
const SAMPLES_PER_MS = 16;

/** The part of sherpa-onnx-node's Vad that is used here; its package has no types that TypeScript finds. */
interface SherpaVad {
  acceptWaveform(samples: Float32Array): void;
  flush(): void;
  isEmpty(): boolean;
  /** `start` in samples. false: plain memory of ours. */
  front(enableExternalBuffer: boolean): { start: number; samples: Float32Array };
  pop(): void;
}

const require = createRequire(import.meta.url);

function newVad(): SherpaVad {
  const sherpa: { Vad: new (config: object, bufferSeconds: number) => SherpaVad } = require('sherpa-onnx-node');
  const model = require.resolve('@ricky0123/vad-web/dist/silero_vad_v6.onnx');
  const durations = { minSilenceDuration: 0.16, minSpeechDuration: 0.1, maxSpeechDuration: 60 };
  const sileroVad = { model, threshold: 0.5, windowSize: FRAME_SAMPLES, ...durations };
  return new sherpa.Vad({ sileroVad, sampleRate: 16_000, numThreads: 1, provider: 'cpu', debug: 0 }, 90);
}

/** Segments of speech as sherpa-onnx finds them: Silero in onnxruntime, with the rules that our segments follow. */
export function sherpaSegments(pcm: Int16Array): Span[] {
  const vad = newVad();
  const floats = Float32Array.from(pcm, (value) => value / 32_768);
  for (let at = 0; at <= floats.length; at += FRAME_SAMPLES) {
    const frame = new Float32Array(FRAME_SAMPLES);
    frame.set(floats.subarray(at, at + FRAME_SAMPLES));
    vad.acceptWaveform(frame);
  }
  vad.flush();
  const segments: Span[] = [];
  for (; !vad.isEmpty(); vad.pop()) {
    const { start, samples } = vad.front(false);
    segments.push({
      startMs: Math.floor(start / SAMPLES_PER_MS),
      endMs: Math.ceil((start + samples.length) / SAMPLES_PER_MS),
    });
  }
  return segments;
}
