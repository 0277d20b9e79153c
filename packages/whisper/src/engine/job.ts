import type { NativeEvent, NativeResult } from './native.ts';
import { type EngineSegment, engineSegment } from './segment.ts';

export interface DetectHooks {
  signal?: AbortSignal | undefined;
  /** Somebody waits for it: it goes before windows that are not urgent, and those rest until it is done. */
  urgent?: boolean | undefined;
}

export interface TranscribeHooks extends DetectHooks {
  /** 0-1, never falling; 0 when the engine has begun with it. */
  onProgress?: ((fraction: number) => void) | undefined;
  onSegment?: ((segment: EngineSegment) => void) | undefined;
}

export interface EngineJob {
  hooks: TranscribeHooks;
  done(result: NativeResult): void;
  cancelled(): void;
  failed(message: string): void;
  /** Resolves when the engine has let go of it, however it ended. */
  ended: Promise<void>;
}

/** Hands one event of the addon to the window it belongs to. */
export function deliver(jobs: ReadonlyMap<number, EngineJob>, [kind, id, payload]: NativeEvent): void {
  const job = jobs.get(id);
  if (job === undefined) return;
  if (kind === 'progress') job.hooks.onProgress?.(payload);
  else if (kind === 'segment') job.hooks.onSegment?.(engineSegment(payload));
  else if (kind === 'done') job.done(payload);
  else if (kind === 'cancelled') job.cancelled();
  else if (kind === 'failed') job.failed(payload);
}
