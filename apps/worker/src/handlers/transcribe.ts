import type { LanguageCode, RunOf, Window } from '@sotto/contracts';
import {
  type ChildJob,
  type Handlers,
  isSmall,
  type JobContext,
  type Plan,
  PREPARE_STEP,
  RUN_CATALOG,
  type Runs,
} from '@sotto/queue';
import { assemble } from '@sotto/transcript';
import type { KnownModel, ModelDirectory } from '../models/model-directory.ts';
import { removeBlobsOf } from '../runs/cleanup.ts';
import { DETECTION_WINDOWS, makePlan, NotSmall, type PlanDeps } from '../runs/make-plan.ts';
import { modelWarnings } from '../runs/model-warnings.ts';
import { untilStored } from '../runs/stored.ts';
import { promptAfter } from '../window/previous-text.ts';
import { speechWithin } from '../window/speech-within.ts';

export interface TranscribeDeps extends PlanDeps {
  models: ModelDirectory;
}

/** A file that looked small and has more sound than this waits for a slot that decodes, as if it had looked its size. */
const SMALL_AUDIO_MS = 10 * 60_000;

type Transcription = RunOf<'transcription'>;
type WindowJobOf = (window: Window, prompt: string | null) => ChildJob<'window'>;

interface SpokenLanguage {
  /** null: each window finds out for itself. */
  code: LanguageCode | null;
  /** null: it was given, or is yet to be found out. */
  probability: number | null;
}

/**
 * The story of a run: prepare, find the language once, transcribe all windows on whatever workers are free, assemble.
 * It runs again from its top after each step that other workers did, and after a crash: what is done is found, not
 * repeated.
 */
export function transcribeHandler(deps: TranscribeDeps): Handlers['transcribe'] {
  return async ({ runId }, context) => {
    const run = await deps.runs.run(runId);
    if (run?.kind !== 'transcription' || run.status !== 'processing') return;
    const plan = await planOf(run, deps, context);
    const model = await deps.models.find(plan.model ?? run.options.model);
    const language = await findLanguage(run, plan, model, context);
    const jobOf = (window: Window, prompt: string | null) =>
      windowJob(run, plan, window, { model: model.name, language: language.code, prompt });
    if (run.options.conditionOnPreviousText) await oneAfterTheOther(run, plan, jobOf, deps, context);
    else await allAtOnce(run, plan, jobOf, deps, context);
    await finish(run, plan, { model, language }, deps);
  };
}

/** Small recordings are prepared here and now; for others it takes long, so that is a job of its own. */
async function planOf(run: Transcription, deps: TranscribeDeps, context: JobContext): Promise<Plan> {
  const known = await deps.windows.plan(run.id);
  if (known !== null) return known;
  if (isSmall(RUN_CATALOG.transcription, run.upload)) {
    try {
      const small = { ...deps, longestMs: SMALL_AUDIO_MS };
      return await deps.rightOfWay.during(() => makePlan(run, small, context.signal));
    } catch (error) {
      if (!(error instanceof NotSmall)) throw error;
    }
  }
  const job = { kind: 'prepare', payload: { runId: run.id } } as const;
  return untilStored(context, PREPARE_STEP, job, () => deps.windows.plan(run.id));
}

/** One window finds its language while it is transcribed; of several, some are asked first, so that all agree. */
async function findLanguage(
  run: Transcription,
  plan: Plan,
  model: KnownModel,
  context: JobContext,
): Promise<SpokenLanguage> {
  if (run.options.language !== null) return { code: run.options.language, probability: null };
  if (model.multilingual === false) return { code: 'en', probability: null };
  if (plan.windows.length < 2) return { code: null, probability: null };
  const windows = plan.windows.slice(0, DETECTION_WINDOWS);
  const { audioKey } = plan;
  const payload = { runId: run.id, audioKey, model: model.name, windows };
  const [found] = await context.children('language', [{ kind: 'detect-language', payload }]);
  return found === undefined || found === null
    ? { code: null, probability: null }
    : { code: found.language, probability: found.probability };
}

/** Those that are done and have no result any more are done again, in a step of their own each. */
async function allAtOnce(
  run: Transcription,
  { windows }: Plan,
  jobOf: WindowJobOf,
  { runs, windows: checkpoints }: TranscribeDeps,
  context: JobContext,
): Promise<void> {
  const jobs = windows.map((window) => jobOf(window, run.options.prompt));
  await context.children('window', jobs);
  if ((await windowsDoneOf(run, runs)) === windows.length) return;
  const stored = new Set((await checkpoints.results(run.id)).map(({ index }) => index));
  for (const [index, job] of jobs.entries()) {
    if (!stored.has(index)) await untilStored(context, `window-${index}`, job, () => checkpoints.result(run.id, index));
  }
}

/**
 * Each window in a step of its own, told the text of the one before. Windows that are done are the first ones, so the next
 * is where a run goes on after any interruption, with the same prompt: it comes from the checkpoint of the one before.
 */
async function oneAfterTheOther(
  run: Transcription,
  plan: Plan,
  jobOf: WindowJobOf,
  { runs, windows: checkpoints }: TranscribeDeps,
  context: JobContext,
): Promise<void> {
  const done = await windowsDoneOf(run, runs);
  let before = done === 0 ? null : await checkpoints.result(run.id, done - 1);
  for (const window of plan.windows.slice(done)) {
    const job = jobOf(window, promptAfter(before, run.options.prompt));
    before = await untilStored(context, `window-${window.index}`, job, () => checkpoints.result(run.id, window.index));
  }
}

async function windowsDoneOf({ id }: Transcription, runs: Runs): Promise<number> {
  const run = await runs.run(id);
  return run?.kind === 'transcription' ? run.windowsDone : 0;
}

function windowJob(
  run: Transcription,
  plan: Plan,
  { index, spans }: Window,
  { model, language, prompt }: { model: string; language: LanguageCode | null; prompt: string | null },
): ChildJob<'window'> {
  const { task, temperature, beamSize, bestOf, patience, lengthPenalty, suppressTokens } = run.options;
  const asRun = { task, temperature, beamSize, bestOf, patience, lengthPenalty, suppressTokens };
  const options = { ...asRun, language, model, prompt };
  const { hallucinationFilter } = run.options;
  const speech = plan.speech === undefined ? {} : { speech: speechWithin(spans, plan.speech) };
  const payload = { runId: run.id, index, spans, ...speech, hallucinationFilter, audioKey: plan.audioKey, options };
  return { kind: 'window', payload };
}

async function finish(
  run: Transcription,
  plan: Plan,
  { model, language }: { model: KnownModel; language: SpokenLanguage },
  deps: TranscribeDeps,
): Promise<void> {
  await deps.runs.setStage(run, 'assembling');
  const results = await deps.windows.results(run.id);
  // It may have been begun since this run was read.
  const startedAtMs = run.startedAtMs ?? (await deps.runs.run(run.id))?.startedAtMs;
  const processingMs = Date.now() - (startedAtMs ?? Date.now());
  const { durationMs } = plan;
  const warnings = [...plan.warnings, ...modelWarnings(model, run.options.language === null)];
  const transcript = assemble(results, {
    durationMs,
    model: model.name,
    task: run.options.task,
    processingMs,
    warnings,
    hallucinationFilter: run.options.hallucinationFilter,
  });
  if (transcript.language === language.code) transcript.languageProbability ??= language.probability;
  const isFirst = await deps.runs.complete(run, transcript);
  await removeBlobsOf(run.id, deps);
  if (!isFirst) return;
  deps.onEvent({
    type: 'transcribed',
    model: model.name,
    language: transcript.language,
    audioMs: durationMs,
    processingMs,
  });
}
