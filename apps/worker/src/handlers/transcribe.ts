import { type LikelyLanguage, type RunOf, SPEAKERS_EXTRA, type Window, type WindowResult } from '@sotto/contracts';
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
import { inSpan } from '@sotto/runtime';
import { assemble, assembleChannels } from '@sotto/transcript';
import { type SpokenLanguages, spokenLanguages } from '../languages/spoken.ts';
import { languageWarnings } from '../languages/warning.ts';
import type { KnownModel, ModelDirectory } from '../models/model-directory.ts';
import { audioKeyOfWindow } from '../runs/audio.ts';
import { NotSmall } from '../runs/decode-to-storage.ts';
import { makePlan, type PlanDeps } from '../runs/make-plan.ts';
import { modelWarnings } from '../runs/model-warnings.ts';
import { timesOfRun } from '../runs/run-times.ts';
import { untilStored } from '../runs/stored.ts';
import { gapWarnings } from '../window/gap.ts';
import { promptAfter, windowBefore } from '../window/previous-text.ts';
import { speechWithin } from '../window/speech-within.ts';

export interface TranscribeDeps extends PlanDeps {
  models: ModelDirectory;
}

/** A recording that seemed small but is longer than this is prepared by a job of its own, as other long ones are. */
const SMALL_AUDIO_MS = 10 * 60_000;

type Transcription = RunOf<'transcription'>;
type WindowJobOf = (window: Window, prompt: string | null) => ChildJob<'window'>;

/**
 * Drives a transcription: prepares it, detects the language once, has all windows transcribed by whatever workers are
 * free, and assembles the transcript. It runs again from the start after each step of children, and after a crash: what
 * has been done is found, not repeated.
 */
export function transcribeHandler(deps: TranscribeDeps): Handlers['transcribe'] {
  return async ({ runId }, context) => {
    const run = await deps.runs.run(runId);
    if (run?.kind !== 'transcription' || run.status !== 'processing') return;
    const plan = await planOf(run, deps, context);
    const model = await deps.models.find(plan.model ?? run.options.model);
    const languages = await spokenLanguages(run, plan, model, context);
    const jobOf = (window: Window, prompt: string | null) =>
      windowJob(run, plan, window, { model: model.name, languages, prompt });
    const extras = extraJobs(run, plan);
    if (run.options.conditionOnPreviousText) {
      await oneAfterTheOther(run, plan, jobOf, deps, context);
      await context.children('extras', extras);
    } else await allAtOnce(run, plan, { jobOf, extras }, deps, context);
    await untilExtrasEnded(run, extras, deps, context);
    await inSpan('assemble', {}, () => finish(run, plan, { model, languages }, deps));
  };
}

/** Small recordings are prepared in this job; others take long, and have a job of their own. */
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

/** What is asked for beside the text; its windows do not wait for it. */
function extraJobs({ id, options }: Transcription, { audioKey }: Plan): ChildJob<'speakers'>[] {
  const { speakers: hints } = options;
  return hints === undefined ? [] : [{ kind: SPEAKERS_EXTRA, payload: { runId: id, audioKey, hints } }];
}

/** One whose end Redis has lost, although its job is done, is made again; once: the text does not wait for ever. */
async function untilExtrasEnded(
  { id }: Transcription,
  extras: readonly ChildJob<'speakers'>[],
  { runs }: TranscribeDeps,
  context: JobContext,
): Promise<void> {
  if (extras.length === 0) return;
  const states = (await runs.run(id))?.extras ?? {};
  const lost = extras.filter(({ kind }) => states[kind] === 'processing');
  await context.children('extras-again', lost);
}

/** Windows that are done but have lost their result are done again, each in a step of its own. */
async function allAtOnce(
  run: Transcription,
  { windows }: Plan,
  { jobOf, extras }: { jobOf: WindowJobOf; extras: readonly ChildJob<'speakers'>[] },
  { runs, windows: checkpoints }: TranscribeDeps,
  context: JobContext,
): Promise<void> {
  const jobs = windows.map((window) => jobOf(window, run.options.prompt));
  await context.children('window', [...jobs, ...extras]);
  if ((await windowsDoneOf(run, runs)) === windows.length) return;
  const stored = new Set((await checkpoints.results(run.id)).map(({ index }) => index));
  for (const [index, job] of jobs.entries()) {
    if (!stored.has(index)) await untilStored(context, `window-${index}`, job, () => checkpoints.result(run.id, index));
  }
}

/**
 * Each window in a step of its own, with the text of the previous one, of the same channel, as its prompt. Finished windows are
 * always the first ones, so after any interruption the run continues with the next, whose prompt comes from a checkpoint.
 */
async function oneAfterTheOther(
  run: Transcription,
  plan: Plan,
  jobOf: WindowJobOf,
  { runs, windows: checkpoints }: TranscribeDeps,
  context: JobContext,
): Promise<void> {
  for (const window of plan.windows.slice(await windowsDoneOf(run, runs))) {
    const before = windowBefore(plan.windows, window);
    const previous = before === undefined ? null : await checkpoints.result(run.id, before.index);
    const job = jobOf(window, promptAfter(previous, run.options.prompt));
    await untilStored(context, `window-${window.index}`, job, () => checkpoints.result(run.id, window.index));
  }
}

async function windowsDoneOf({ id }: Transcription, runs: Runs): Promise<number> {
  const run = await runs.run(id);
  return run?.kind === 'transcription' ? run.windowsDone : 0;
}

function windowJob(
  run: Transcription,
  plan: Plan,
  window: Window,
  { model, languages, prompt }: { model: string; languages: SpokenLanguages; prompt: string | null },
): ChildJob<'window'> {
  const { options } = run;
  const { index, spans } = window;
  const parts = languages.parts?.get(index) ?? [];
  const isDetected = languages.code === null;
  return {
    kind: 'window',
    payload: {
      runId: run.id,
      index,
      spans,
      muted: window.muted,
      speech: plan.speech === undefined ? undefined : speechWithin(window, plan.speech),
      hallucinationFilter: options.hallucinationFilter,
      onError: options.onWindowError,
      ...(parts.length > 1 && { parts }),
      hasKeyterms: options.keyterms === undefined ? undefined : true,
      audioKey: audioKeyOfWindow({ runId: run.id, audioKey: plan.audioKey }, window),
      options: {
        language: parts[0]?.language ?? languages.code,
        ...(isDetected && options.languages !== undefined && { languages: options.languages }),
        task: options.task,
        model,
        temperature: options.temperature,
        beamSize: options.beamSize,
        bestOf: options.bestOf,
        patience: options.patience,
        lengthPenalty: options.lengthPenalty,
        suppressTokens: options.suppressTokens,
        prompt,
      },
    },
  };
}

async function finish(
  run: Transcription,
  plan: Plan,
  { model, languages }: { model: KnownModel; languages: SpokenLanguages },
  deps: TranscribeDeps,
): Promise<void> {
  await deps.runs.setStage(run, 'assembling');
  const results = await deps.windows.results(run.id);
  // It may have been started, and have come into its lane, after this run was read.
  const { startedAtMs, lane } = run.startedAtMs === null ? ((await deps.runs.run(run.id)) ?? run) : run;
  const { processingMs, waitedMs } = timesOfRun({ createdAtMs: run.createdAtMs, startedAtMs });
  const { durationMs } = plan;
  const isLanguageOpen = run.options.language === null;
  const warnings = [
    ...plan.warnings,
    ...modelWarnings(model, isLanguageOpen),
    ...languageWarnings(...detectedOf(languages, results)),
    ...gapWarnings(results),
  ];
  const meta = {
    durationMs,
    model: model.name,
    task: run.options.task,
    processingMs,
    warnings,
    hallucinationFilter: run.options.hallucinationFilter,
  };
  const transcript = plan.channels === undefined ? assemble(results, meta) : assembleChannels(results, plan, meta);
  if (transcript.language === languages.code) transcript.languageProbability ??= languages.probability;
  const isFirst = await deps.runs.complete(run, transcript);
  await deps.cleaner.ended(run.id);
  if (!isFirst) return;
  deps.onEvent({
    type: 'transcribed',
    model: model.name,
    language: transcript.language,
    audioMs: durationMs,
    processingMs,
    lane,
    waitedMs,
    segments: transcript.segments.length,
    flags: transcript.segments.flatMap(({ flags }) => flags),
  });
}

/** What was detected, by the run or by its only window, and the next likely language; null: nothing was. */
function detectedOf(
  { code, probability, runnerUp }: SpokenLanguages,
  [first]: readonly WindowResult[],
): [LikelyLanguage | null, LikelyLanguage | undefined] {
  if (code !== null) return [probability === null ? null : { language: code, probability }, runnerUp];
  if (first === undefined || first.languageProbability === null || first.segments.length === 0)
    return [null, undefined];
  return [{ language: first.language, probability: first.languageProbability }, first.runnerUp];
}
