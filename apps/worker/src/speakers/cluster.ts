import type { SpeakerHints } from '@sotto/contracts';
import type { Diarization, Stretch } from '@sotto/speakers';
import { onThread } from '../on-thread.ts';
import type { HeardRecording } from './hear-recording.ts';

const IS_SOURCE = import.meta.url.endsWith('.ts');
const THREAD = new URL(IS_SOURCE ? '../../dev/cluster-thread.mjs' : './cluster-thread.js', import.meta.url);

/** What the thread is started with; it answers with a Diarization. */
export interface ClusterTask extends HeardRecording {
  hints: SpeakerHints;
  /** As for `diarize`. */
  speech: Stretch[] | null;
}

/**
 * Who speaks when, from all that was heard: on a thread of its own, since it takes seconds for hours of audio. The pieces are
 * moved there, and cannot be used afterwards.
 *
 * @throws the signal's reason; Error when the thread fails
 */
export async function cluster(task: ClusterTask, signal: AbortSignal): Promise<Diarization> {
  const buffers = task.pieces.flatMap(({ activity, voices, moments }) => [
    activity.buffer,
    voices.buffer,
    moments.buffer,
  ]);
  return onThread({ file: THREAD, task, transfer: [...new Set(buffers)] as ArrayBuffer[] }, signal);
}
