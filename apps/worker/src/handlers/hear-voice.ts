import { type RunOf, SottoError, SPEAKER_MODEL_FACTS, type Voiceprint, type VoiceResult } from '@sotto/contracts';
import type { Handlers, Runs } from '@sotto/queue';
import { hearRecording, likenessOf, type Stretch, sampleOf, type Vector, type VoiceSample } from '@sotto/speakers';
import { SAMPLES_PER_MS } from '../media/pcm.ts';
import type { Cleaner } from '../runs/cleaner.ts';
import { decodedSlices, type PrepareDeps } from '../runs/decode-to-storage.ts';
import { knownPauses, pauseDetector } from '../speakers/known-pauses.ts';
import type { SpeakerModel } from '../speakers/speaker-model.ts';
import { embeddingText, voiceOf } from '../speakers/voice-text.ts';
import { workersDied } from '../window/gap.ts';

export interface HearVoiceDeps extends PrepareDeps {
  runs: Runs;
  speakerModel: SpeakerModel;
  /** Of the networks that hear speakers. */
  speakerThreads: number;
  cleaner: Pick<Cleaner, 'ended'>;
}

/**
 * Drives a run of kind `voice`: decodes a sample, which is short, and hears how the one person in it sounds. Nothing of it is
 * kept but that.
 */
export function hearVoiceHandler(deps: HearVoiceDeps): Handlers['hear-voice'] {
  return async ({ runId }, { signal, isPoison }) => {
    const run = await deps.runs.start({ id: runId, kind: 'voice' });
    if (run === null) return;
    if (isPoison) throw workersDied();
    const networks = await deps.speakerModel.networks(signal);
    const { pcm, speech } = await decoded(run, deps, signal);
    const durationMs = Math.floor(pcm.length / SAMPLES_PER_MS);
    await deps.runs.settle({ run, cost: durationMs, stage: 'preparing', plan: JSON.stringify({ durationMs }) });
    const sample = sampleOf(await hearRecording(networks, pcm, { threads: deps.speakerThreads, signal }), speech);
    await deps.runs.complete(run, resultOf(sample, run));
    await deps.cleaner.ended(run.id);
  };
}

interface DecodedSample {
  pcm: Int16Array;
  /** null: nobody knows where. */
  speech: Stretch[] | null;
}

async function decoded(run: RunOf<'voice'>, deps: PrepareDeps, signal: AbortSignal): Promise<DecodedSample> {
  const { longestMs, maxDurationMs = longestMs } = { ...run.options, ...run.upload };
  const upload = { ...run.upload, maxDurationMs: Math.min(longestMs, maxDurationMs) };
  const asItIs = { isSplit: false, enhance: undefined };
  const detector = pauseDetector(deps.speechDetection);
  const slices: Int16Array[] = [];
  // Somebody waits for it, so it goes first. What is amiss with its sound shows in the voice.
  for await (const [slice] of decodedSlices(upload, asItIs, { ...deps, longestMs }, () => {}, signal)) {
    slices.push(slice);
    detector.accept(slice);
  }
  const pcm = new Int16Array(slices.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const slice of slices) {
    pcm.set(slice, at);
    at += slice.length;
  }
  return { pcm, speech: knownPauses(deps.speechDetection, detector.finish()) };
}

/** @throws SottoError `sample_not_usable`, with the reason. */
function resultOf({ voice, seconds, people }: VoiceSample, { options }: RunOf<'voice'>): VoiceResult {
  const speechMs = Math.round(seconds * 1000);
  if (voice === null) throw new SottoError('sample_not_usable', 'Nobody is heard speaking in it.');
  if (people > 1) throw new SottoError('sample_not_usable', `${people} people are heard in it; it may have only one.`);
  if (speechMs < options.leastSpeechMs) {
    const [heard, least] = [(speechMs / 1000).toFixed(1), options.leastSpeechMs / 1000];
    throw new SottoError('sample_not_usable', `${heard} s of speech are heard in it; at least ${least} s are needed.`);
  }
  if (isSomebodyElse(voice, options.like)) {
    throw new SottoError('sample_not_usable', 'Whoever is heard in it is not the person who speaks in the consent.');
  }
  return { model: SPEAKER_MODEL_FACTS.name, embedding: embeddingText(voice), speechMs };
}

/** Two recordings of one person are hardly ever less alike, and those of two people seldom more; see docs/speakers.md. */
const SOMEBODY_ELSE = 0.3;

/** What another model has heard cannot be compared. */
function isSomebodyElse(voice: Vector, like: Voiceprint | undefined): boolean {
  if (like?.model !== SPEAKER_MODEL_FACTS.name) return false;
  return (likenessOf([voice], [voiceOf(like)])[0]?.[0] ?? 0) < SOMEBODY_ELSE;
}
