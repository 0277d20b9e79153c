import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { NamedTurn } from '@sotto/speakers';

/** The part of sherpa-onnx-node that is used here; its package has no types that TypeScript finds. */
interface SherpaDiarization {
  process(samples: Float32Array): NamedTurn[];
}

export interface SherpaOptions {
  threads: number;
  /** How many there are; null: by the threshold. */
  count: number | null;
  /** Clusters nearer than this are one speaker. */
  threshold: number;
}

const require = createRequire(import.meta.url);

/**
 * sherpa-onnx's speaker diarization, with its own durations.
 * @param folder with segmentation.onnx and embedding.onnx, see python/sherpa_speakers.py
 */
export function sherpaDiarization(folder: string, { threads, count, threshold }: SherpaOptions): SherpaDiarization {
  const sherpa: { OfflineSpeakerDiarization: new (config: object) => SherpaDiarization } = require('sherpa-onnx-node');
  return new sherpa.OfflineSpeakerDiarization({
    segmentation: { pyannote: { model: join(folder, 'segmentation.onnx') }, numThreads: threads, debug: 0 },
    embedding: { model: join(folder, 'embedding.onnx'), numThreads: threads, debug: 0 },
    clustering: { numClusters: count ?? -1, threshold },
    minDurationOn: 0.3,
    minDurationOff: 0.5,
  });
}
