import type { Warning } from '@sotto/contracts';

export interface DecodeLimits {
  /** Longest recording accepted; checked against what is decoded, whatever the header says. */
  maxDurationMs: number;
  /** Limit of ffmpeg's processor time, and of the time that it may go without a sign of progress. */
  timeoutMs: number;
}

/** Read when a recording is decoded, as they may change while the process runs. */
export function decodeLimitsOf(env: { MAX_DURATION: number; DECODE_TIMEOUT: number }): DecodeLimits {
  return {
    get maxDurationMs() {
      return env.MAX_DURATION * 1000;
    },
    get timeoutMs() {
      return env.DECODE_TIMEOUT * 1000;
    },
  };
}

export type Warn = (warning: Warning) => void;
