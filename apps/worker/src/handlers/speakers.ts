import { SPEAKER_MODEL_FACTS, SPEAKERS_EXTRA, type SpeakerTurns } from '@sotto/contracts';
import { type Extras, type Handlers, JOB_CATALOG, type NamedVoice, type Runs, type Voices } from '@sotto/queue';
import { type Diarization, matchVoices } from '@sotto/speakers';
import type { BlobStore } from '@sotto/storage';
import type { OnWorkerEvent } from '../events/worker-event.ts';
import { SAMPLES_PER_MS } from '../media/pcm.ts';
import type { RightOfWay } from '../models/right-of-way.ts';
import { cluster } from '../speakers/cluster.ts';
import { hearRecording } from '../speakers/hear-recording.ts';
import { knownPauses } from '../speakers/known-pauses.ts';
import type { SpeakerModel } from '../speakers/speaker-model.ts';
import { voiceOf } from '../speakers/voice-text.ts';
import type { SpeechDetection } from '../speech/detector.ts';
import { goesFirst } from '../window/engine-call.ts';
import { workersDied } from '../window/gap.ts';

export interface SpeakersDeps {
  runs: Pick<Runs, 'run'>;
  extras: Extras;
  voices: Pick<Voices, 'named'>;
  blobs: BlobStore;
  speechDetection: SpeechDetection;
  speakerModel: SpeakerModel;
  rightOfWay: RightOfWay;
  /** Of the networks that hear speakers. */
  speakerThreads: number;
  onEvent: OnWorkerEvent;
}

const { warn } = JOB_CATALOG[SPEAKERS_EXTRA].onFailure;

/** Tells who speaks when in a recording. Its result is kept beside the transcript, which does not depend on it. */
export function speakersHandler(deps: SpeakersDeps): Handlers['speakers'] {
  return async ({ runId, audioKey, hints: { known, ...hints } }, { signal, lane, isPoison }) => {
    const run = await deps.runs.run(runId);
    if (run === null || run.extras[SPEAKERS_EXTRA] === 'completed') return;
    if (isPoison) throw workersDied();
    const startedMs = performance.now();
    const networks = await deps.speakerModel.networks(signal);
    const giveWay = goesFirst(lane) ? async () => {} : deps.rightOfWay.yielding();
    const { blobs, speechDetection, speakerThreads: threads } = deps;
    const hearing = { blobs, speechDetection, threads, giveWay };
    const heard = await hearRecording({ runId, audioKey }, networks, hearing, signal);
    const { samples } = heard.plan;
    const speech = heard.pieces.flatMap((piece) => piece.speech);
    const found = await cluster({ ...heard, hints, speech: knownPauses(speechDetection, speech) }, signal);
    const result = { ...turnsOf(found), ...(known && namesOf(found, await deps.voices.named(run.keyId, known))) };
    await deps.extras.complete(runId, SPEAKERS_EXTRA, warn, JSON.stringify(result));
    const audioMs = Math.floor(samples / SAMPLES_PER_MS);
    deps.onEvent({ type: 'speakers', speakers: found.voices.length, audioMs, tookMs: performance.now() - startedMs });
  };
}

/** Voices that another model has heard cannot be compared. */
function namesOf({ voices }: Diarization, named: readonly NamedVoice[]): Pick<SpeakerTurns, 'names'> {
  const known = named.filter(({ model }) => model === SPEAKER_MODEL_FACTS.name);
  const matches = matchVoices(voices, known.map(voiceOf));
  return { names: matches.map((at) => (at === null ? null : (known[at]?.name ?? null))) };
}

function turnsOf({ turns }: Diarization): SpeakerTurns {
  const ms = (seconds: number) => Math.max(0, Math.round(seconds * 1000));
  return { turns: turns.map(({ start, end, speaker }) => ({ startMs: ms(start), endMs: ms(end), speaker })) };
}
