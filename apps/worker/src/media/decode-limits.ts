import type { Warning } from '@sotto/contracts';

export interface DecodeLimits {
  /** Longest recording taken; checked on what comes out, whatever the header says. */
  maxDurationMs: number;
  /** Wall time of one decoding, and processor time of ffmpeg. */
  timeoutMs: number;
}

export type Warn = (warning: Warning) => void;
