/** What an installation is doing: `waiting` means that another process is installing the same model. */
export type InstallPhase = 'waiting' | 'connecting' | 'downloading' | 'verifying' | 'converting' | 'unpacking';

export interface ModelProgress {
  model: string;
  phase: InstallPhase;
  /** What is being tried, in words: `official`, `mirror`, `python package`, ... */
  source: string;
  receivedBytes: number;
  /** null when it cannot be known. */
  totalBytes: number | null;
}

export type OnProgress = (progress: ModelProgress) => void;

const REPORT_EVERY_MS = 100;

/** Passes on the first, the last and at most ten reports a second of each phase: a terminal needs no more. */
export function throttled(onProgress: OnProgress | undefined): OnProgress {
  let lastPhase = '';
  let lastAt = 0;
  return (progress) => {
    const now = performance.now();
    const phase = `${progress.model} ${progress.source} ${progress.phase}`;
    const done = progress.receivedBytes === progress.totalBytes;
    if (phase === lastPhase && !done && now - lastAt < REPORT_EVERY_MS) return;
    lastPhase = phase;
    lastAt = now;
    onProgress?.(progress);
  };
}
