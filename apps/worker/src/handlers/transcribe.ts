import type { LanguageCode, Run, Warning, Window } from '@sotto/contracts';
import { type ChildJob, type Handlers, isSmall, type JobContext, type Plan, PREPARE_STEP } from '@sotto/queue';
import { assemble } from '@sotto/transcript';
import type { KnownModel, ModelDirectory } from '../models/model-directory.ts';
import { removeBlobsOf } from '../runs/cleanup.ts';
import { makePlan, NotSmall, type PlanDeps } from '../runs/make-plan.ts';
import { untilStored } from '../runs/stored.ts';
import { promptAfter } from '../window/previous-text.ts';
import { speechWithin } from '../window/speech-within.ts';

export interface TranscribeDeps extends PlanDeps {
  models: ModelDirectory;
}

/** A file that looked small and has more sound than this waits for a slot that decodes, as if it had looked its size. */
const SMALL_AUDIO_MS = 10 * 60_000;

/** Windows asked for the language of a recording. */
const DETECTION_WINDOWS = 3;

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
    if (run?.status !== 'processing') return;
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
async function planOf(run: Run, deps: TranscribeDeps, context: JobContext): Promise<Plan> {
  const known = await deps.runs.plan(run.id);
  if (known !== null) return known;
  if (isSmall(run.upload)) {
    try {
      const small = { ...deps, longestMs: SMALL_AUDIO_MS };
      return await deps.rightOfWay.during(() => makePlan(run.id, small, context.signal));
    } catch (error) {
      if (!(error instanceof NotSmall)) throw error;
    }
  }
  const job = { kind: 'prepare', payload: { runId: run.id } } as const;
  return untilStored(context, PREPARE_STEP, job, () => deps.runs.plan(run.id));
}

/** One window finds its language while it is transcribed; of several, some are asked first, so that all agree. */
async function findLanguage(run: Run, plan: Plan, model: KnownModel, context: JobContext): Promise<SpokenLanguage> {
  if (run.options.language !== null) return { code: run.options.language, probability: null };
  if (model.multilingual === false) return { code: 'en', probability: null };
  if (plan.windows.length < 2) return { code: null, probability: null };
  const windows = plan.windows.slice(0, DETECTION_WINDOWS);
  const { audioKey } = plan;
  const payload = { runId: run.id, audioKey, model: model.name, windows };
  const [found] = await context.children('language', [{ kind: 'detect-language', payload }]);
  return found === undefined
    ? { code: null, probability: null }
    : { code: found.language, probability: found.probability };
}

/** Those that are done and have no result any more are done again, in a step of their own each. */
async function allAtOnce(
  run: Run,
  { windows }: Plan,
  jobOf: WindowJobOf,
  { runs }: TranscribeDeps,
  context: JobContext,
): Promise<void> {
  const jobs = windows.map((window) => jobOf(window, run.options.prompt));
  await context.children('window', jobs);
  if ((await runs.run(run.id))?.windowsDone === windows.length) return;
  const stored = new Set((await runs.windowResults(run.id)).map(({ index }) => index));
  for (const [index, job] of jobs.entries()) {
    if (!stored.has(index)) await untilStored(context, `window-${index}`, job, () => runs.windowResult(run.id, index));
  }
}

/**
 * Each window in a step of its own, told the text of the one before. Windows that are done are the first ones, so the next
 * is where a run goes on after any interruption, with the same prompt: it comes from the checkpoint of the one before.
 */
async function oneAfterTheOther(
  run: Run,
  plan: Plan,
  jobOf: WindowJobOf,
  { runs }: TranscribeDeps,
  context: JobContext,
): Promise<void> {
  const done = (await runs.run(run.id))?.windowsDone ?? 0;
  let before = done === 0 ? null : await runs.windowResult(run.id, done - 1);
  for (const window of plan.windows.slice(done)) {
    const job = jobOf(window, promptAfter(before, run.options.prompt));
    before = await untilStored(context, `window-${window.index}`, job, () => runs.windowResult(run.id, window.index));
  }
}

function windowJob(
  run: Run,
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
  run: Run,
  plan: Plan,
  { model, language }: { model: KnownModel; language: SpokenLanguage },
  deps: TranscribeDeps,
): Promise<void> {
  await deps.runs.setStage(run.id, 'assembling');
  const results = await deps.runs.windowResults(run.id);
  // It may have been begun since this run was read.
  const startedAtMs = run.startedAtMs ?? (await deps.runs.run(run.id))?.startedAtMs;
  const processingMs = Date.now() - (startedAtMs ?? Date.now());
  const { durationMs } = plan;
  const warnings = [...plan.warnings, ...modelWarnings(model, run)];
  const transcript = assemble(results, {
    durationMs,
    model: model.name,
    task: run.options.task,
    processingMs,
    warnings,
    hallucinationFilter: run.options.hallucinationFilter,
  });
  if (transcript.language === language.code) transcript.languageProbability ??= language.probability;
  const isFirst = await deps.runs.complete(run.id, transcript);
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

function modelWarnings(model: KnownModel, run: Run): Warning[] {
  const warnings: Warning[] = [];
  if (model.warning !== null) warnings.push({ code: 'model', detail: model.warning });
  if (model.multilingual === false && run.options.language === null) {
    warnings.push({
      code: 'language_assumed',
      detail: `${model.name} only knows English: no language was looked for.`,
    });
  }
  return warnings;
}
