/** What an installation is doing: `waiting` means that another process is installing the same model. */
export type InstallPhase =
  | 'waiting'
  | 'connecting'
  | 'downloading'
  | 'verifying'
  | 'converting'
  | 'testing'
  | 'unpacking';

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

/** Passes on the first and the last report of each phase, and between them one in `everyMs`. */
export function throttled(onProgress: OnProgress | undefined, everyMs = 100): OnProgress {
  let lastPhase = '';
  let lastAt = 0;
  return (progress) => {
    const now = performance.now();
    const phase = `${progress.model} ${progress.source} ${progress.phase}`;
    const done = progress.receivedBytes === progress.totalBytes;
    if (phase === lastPhase && !done && now - lastAt < everyMs) return;
    lastPhase = phase;
    lastAt = now;
    onProgress?.(progress);
  };
}
