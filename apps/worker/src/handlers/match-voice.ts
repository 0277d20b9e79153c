import { matchTargetSchema, type RunOf, SottoError, SPEAKER_MODEL_FACTS } from '@sotto/contracts';
import { type Handlers, type Matchings, type OwnVoices, Postponed, type Runs } from '@sotto/queue';
import type { Vector } from '@sotto/speakers';
import type { BlobStore } from '@sotto/storage';
import {
  languageMeant,
  type MatchingEngine,
  matchSteps,
  matchVoice,
  openMatchingEngine,
  voicesFolder,
} from '@sotto/voices';
import type { OnWorkerEvent } from '../events/worker-event.ts';
import type { RightOfWay } from '../models/right-of-way.ts';
import type { Cleaner } from '../runs/cleaner.ts';
import type { SpeakerModel } from '../speakers/speaker-model.ts';
import { voiceOf } from '../speakers/voice-text.ts';
import { likenessTo } from '../synthesis/matching/likeness.ts';
import type { VoiceBox } from '../synthesis/voice-box.ts';

export interface MatchVoiceDeps {
  runs: Runs;
  matchings: Matchings;
  ownVoices: Pick<OwnVoices, 'has' | 'finish'>;
  blobs: Pick<BlobStore, 'read'>;
  voiceBox: Pick<VoiceBox, 'rightOfWay'>;
  rightOfWay: RightOfWay;
  speakerModel: SpeakerModel;
  /** Of the networks that hear speakers. */
  speakerThreads: number;
  modelDir: string;
  cleaner: Pick<Cleaner, 'ended'>;
  onEvent: OnWorkerEvent;
}

const PASS_ON = { firstMs: 500, maxMs: 30_000 };

/**
 * Drives a run of kind `matching`: looks for the sum of an engine's voices that is most like a sample. It has a process of the engine
 * for itself, and speaks one sentence after the other, each once nobody's text is being spoken here; each step is a checkpoint.
 */
export function matchVoiceHandler(deps: MatchVoiceDeps): Handlers['match-voice'] {
  return async ({ runId }, { signal, isPoison }) => {
    const run = await deps.runs.start({ id: runId, kind: 'matching' });
    if (run === null) return;
    if (isPoison) throw new SottoError('speech_failed', 'The workers that looked for the voice died.');
    await mustBeThere(run, deps);
    const engine = await openMatchingEngine(voicesFolder(deps.modelDir));
    if (engine === null) throw new Postponed('matching is for a worker with voices that can be mixed', PASS_ON);
    try {
      await match(run, engine, deps, signal);
    } finally {
      await engine.close();
    }
  };
}

async function match(run: RunOf<'matching'>, engine: MatchingEngine, deps: MatchVoiceDeps, signal: AbortSignal) {
  const startedMs = performance.now();
  const { voiceId, generations, seed } = run.options;
  const target = await targetOf(run, deps);
  const networks = await deps.speakerModel.networks(signal);
  await deps.matchings.planned(run, matchSteps(engine, generations));
  const hearing = { networks, threads: deps.speakerThreads, sampleRateHz: engine.sampleRateHz, signal };
  const ways = [deps.voiceBox.rightOfWay.yielding(), deps.rightOfWay.yielding()];
  const found = await matchVoice({
    engine,
    generations,
    seed,
    steps: await deps.matchings.steps(run.id),
    similarity: (samples) => likenessTo(target, samples, hearing),
    store: async (step) => {
      await deps.matchings.put(run.id, step);
      await mustBeThere(run, deps);
    },
    giveWay: async () => {
      for (const giveWay of ways) await giveWay(signal);
    },
    signal,
  });
  const matched = { ...found, language: languageOf(run, engine, found.nearest.voice) };
  if ((await deps.ownVoices.finish(run.keyId, voiceId, matched)) === null) throw deleted();
  await deps.runs.complete(run, matched);
  await deps.cleaner.ended(run.id);
  const { similarity, nearest } = matched;
  const tookMs = performance.now() - startedMs;
  deps.onEvent({ type: 'matched', engine: engine.name, similarity, nearest: nearest.similarity, tookMs });
}

/** @throws SottoError `speech_failed`: a newer build hears voices otherwise */
async function targetOf({ upload }: RunOf<'matching'>, { blobs }: MatchVoiceDeps): Promise<Vector> {
  const target = matchTargetSchema.parse(JSON.parse(new TextDecoder().decode(await blobs.read(upload.blobKey))));
  if (target.model === SPEAKER_MODEL_FACTS.name) return voiceOf(target);
  throw new SottoError('speech_failed', 'The sample was heard by another model. Delete the voice and make it again.');
}

/** Whoever deletes a voice has its job cancelled; one that dies in between leaves that to this. */
async function mustBeThere({ keyId, options }: RunOf<'matching'>, { ownVoices }: MatchVoiceDeps): Promise<void> {
  if (!(await ownVoices.has(keyId, options.voiceId))) throw deleted();
}

const deleted = (): SottoError => new SottoError('voice_not_found', 'The voice has been deleted.');

/** The person's own where the engine speaks it. */
function languageOf({ options }: RunOf<'matching'>, engine: MatchingEngine, nearest: string): string {
  const languages = engine.voices().find(({ id }) => id === nearest)?.languages ?? [];
  const own = options.language === null ? null : languageMeant(options.language, languages);
  return own ?? languages[0] ?? 'en-us';
}
