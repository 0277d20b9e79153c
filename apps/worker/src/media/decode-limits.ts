import type { Warning } from '@sotto/contracts';

export interface DecodeLimits {
  /** Longest recording accepted; checked against what is decoded, whatever the header says. */
  maxDurationMs: number;
  /** Limit of the wall time of one decoding, and of ffmpeg's processor time. */
  timeoutMs: number;
}

export type Warn = (warning: Warning) => void;
