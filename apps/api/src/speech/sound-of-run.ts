import { SottoError, type SpeechResult } from '@sotto/contracts';
import type { Attached, RunEvents, Runs } from '@sotto/queue';
import { type BlobStore, pieceKeyOf } from '@sotto/storage';
import { followThrough } from '../events/follow-through.ts';
import { expired } from '../results/outcome.ts';
import type { Results } from '../results/results.ts';
import { type SoundChunk, soundOfResult } from '../sound/stored-sound.ts';
import { type SoundTags, tagsOf } from '../sound/tags.ts';

export interface SoundDeps {
  events: Pick<RunEvents, 'follow'>;
  runs: Pick<Runs, 'run'>;
  results: Pick<Results, 'value'>;
  storage: Pick<BlobStore, 'read' | 'openRead'>;
}

/**
 * The sound of a run from its beginning, as it is made: each piece as soon as it and all before it are spoken, at the
 * pace of whoever reads. What has gone meanwhile, since the run has ended, comes from its result, which is the same
 * bytes in a row.
 *
 * @throws SottoError what the run failed with, `job_cancelled`, `result_expired`, storage's own. Ends early when the
 *   signal aborts.
 */
export async function* soundOfRun(
  { run, request }: Attached,
  deps: SoundDeps,
  signal: AbortSignal,
): AsyncGenerator<SoundChunk, void> {
  let sentBytes = 0;
  if (run.status === 'processing') {
    for await (const chunk of spokenSoFar(run.id, deps, signal)) {
      sentBytes += chunk.bytes.length;
      yield chunk;
    }
    if (signal.aborted) return;
  }
  yield* soundOfResult(await resultOfRun({ run, request }, deps), sentBytes, deps.storage, signal);
}

/** What its file says, once it has ended. @throws as `soundOfRun` */
export async function tagsOfRun(attached: Pick<Attached, 'run' | 'request'>, deps: SoundDeps): Promise<SoundTags> {
  return tagsOf(await resultOfRun(attached, deps), attached.request.fileName);
}

async function resultOfRun(
  { run, request }: Pick<Attached, 'run' | 'request'>,
  { runs, results }: Pick<SoundDeps, 'runs' | 'results'>,
): Promise<SpeechResult> {
  const ended = await runs.run(run.id);
  if (ended === null) throw expired(request);
  if (ended.kind !== 'speech') throw new SottoError('internal_error', 'The run of a text is of another kind.');
  return results.value({ run: ended, request });
}

/** Ends with the run, or at a piece that is gone. */
async function* spokenSoFar(
  runId: string,
  { events, storage }: SoundDeps,
  signal: AbortSignal,
): AsyncGenerator<SoundChunk> {
  let next = 0;
  for await (const { event } of followThrough(events, runId, signal)) {
    if (event.type !== 'spoken') continue;
    // Of a long text, the first events may be gone when a slow client comes to them.
    for (; next <= event.index; next += 1) {
      const bytes = await pieceOrNull(pieceKeyOf(runId, next), storage);
      if (bytes === null) return;
      yield { bytes, sampleRateHz: event.sampleRateHz };
    }
  }
}

async function pieceOrNull(key: string, storage: SoundDeps['storage']): Promise<Uint8Array | null> {
  try {
    return await storage.read(key);
  } catch (error) {
    if (error instanceof SottoError && error.code === 'blob_missing') return null;
    throw error;
  }
}
