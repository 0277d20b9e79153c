import type { NativeSegment } from './native.ts';

/** One text token. `bytes` is raw: a UTF-8 character can span tokens. Times are inside the window, -1 when not aligned. */
export interface EngineToken {
  id: number;
  bytes: Uint8Array;
  /**
   * 0-1. With word times: among text tokens, given all text before it, so that it compares whatever the temperature was.
   * Without: after temperature and logit filters, comparable only at temperature 0.
   */
  probability: number;
  logProbability: number;
  startMs: number;
  endMs: number;
}

export interface EngineSegment {
  startMs: number;
  endMs: number;
  /** Mean over its text tokens. */
  avgLogProbability: number;
  tokens: EngineToken[];
}

export function engineSegment(native: NativeSegment): EngineSegment {
  const tokens = Array.from(native.ids, (id, i) => ({
    id,
    bytes: native.bytes.subarray(native.offsets[i] ?? 0, native.offsets[i + 1] ?? 0),
    probability: native.probabilities[i] ?? 0,
    logProbability: native.logProbabilities[i] ?? 0,
    startMs: native.startsMs[i] ?? -1,
    endMs: native.endsMs[i] ?? -1,
  }));
  const { startMs, endMs, avgLogProbability } = native;
  return { startMs, endMs, avgLogProbability, tokens };
}
