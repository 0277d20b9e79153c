import type { LanguageCode, Run, Warning, Window } from '@sotto/contracts';
import { SottoError } from '@sotto/contracts';
import type { ChildJob, Handlers, JobContext, Plan, Runs } from '@sotto/queue';
import { assemble } from '@sotto/transcript';
import type { KnownModel, ModelDirectory } from '../models/model-directory.ts';
import { removeBlobsOf } from './cleanup.ts';
import { type PrepareDeps, prepare } from './prepare.ts';

export interface TranscribeDeps extends PrepareDeps {
  runs: Runs;
  models: ModelDirectory;
}

/** Windows asked for the language of a recording. */
const DETECTION_WINDOWS = 3;

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
    const run = await deps.runs.start(runId);
    if (run === null) return;
    const plan = (await deps.runs.plan(runId)) ?? (await makePlan(run, deps, context.signal));
    const model = await deps.models.find(plan.model ?? run.options.model);
    const language = await findLanguage(run, plan, model, context);
    await context.children(
      'window',
      plan.windows.map((window) => windowJob(run, plan, window, { model: model.name, language: language.code })),
    );
    await finish(run, plan, { model, language }, deps);
  };
}

/** The first plan stored is the one that holds, whoever else prepares the same run. */
async function makePlan(run: Run, deps: TranscribeDeps, signal: AbortSignal): Promise<Plan> {
  const model = await deps.models.find(run.options.model);
  return deps.runs.planned(run.id, { ...(await prepare(run, deps, signal)), model: model.name });
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

function windowJob(
  run: Run,
  plan: Plan,
  { index, spans }: Window,
  { model, language }: { model: string; language: LanguageCode | null },
): ChildJob<'window'> {
  const { task, temperature, beamSize, bestOf, patience, lengthPenalty, suppressTokens, prompt } = run.options;
  const asRun = { task, temperature, beamSize, bestOf, patience, lengthPenalty, suppressTokens, prompt };
  const options = { ...asRun, language, model };
  return { kind: 'window', payload: { runId: run.id, index, spans, audioKey: plan.audioKey, options } };
}

async function finish(
  run: Run,
  plan: Plan,
  { model, language }: { model: KnownModel; language: SpokenLanguage },
  deps: TranscribeDeps,
): Promise<void> {
  await deps.runs.setStage(run.id, 'assembling');
  const results = await deps.runs.windowResults(run.id);
  if (results.length !== plan.windows.length) {
    throw new SottoError('internal_error', `${results.length} of ${plan.windows.length} windows have a result.`);
  }
  const processingMs = Date.now() - (run.startedAtMs ?? Date.now());
  const { durationMs } = plan;
  const warnings = [...plan.warnings, ...modelWarnings(model, run)];
  const transcript = assemble(results, {
    durationMs,
    model: model.name,
    task: run.options.task,
    processingMs,
    warnings,
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
