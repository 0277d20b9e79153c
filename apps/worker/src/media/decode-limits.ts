import type { Warning } from '@sotto/contracts';

export interface DecodeLimits {
  /** Longest recording accepted; checked against what is decoded, whatever the header says. */
  maxDurationMs: number;
  /** Limit of ffmpeg's processor time, and of the time that it may go without a sign of progress. */
  timeoutMs: number;
}

export type Warn = (warning: Warning) => void;
