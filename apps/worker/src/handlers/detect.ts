import type { LanguageResult, RunOf } from '@sotto/contracts';
import type { Handlers, JobContext, Plan } from '@sotto/queue';
import type { KnownModel } from '../models/model-directory.ts';
import { makePlan, type PlanDeps } from '../runs/make-plan.ts';
import { modelWarnings } from '../runs/model-warnings.ts';

/**
 * Drives a run of kind `language`: prepares a part of the recording, in this job since it is short, and has the engine
 * detect the language of a few windows.
 */
export function detectHandler(deps: PlanDeps): Handlers['detect'] {
  return async ({ runId }, context) => {
    const run = await deps.runs.run(runId);
    if (run?.kind !== 'language' || run.status !== 'processing') return;
    const plan = (await deps.windows.plan(run.id)) ?? (await makePlan(run, deps, context.signal));
    const model = await deps.models.find(plan.model ?? run.options.model);
    const found = await findLanguage(run, plan, model, context);
    const startedAtMs = run.startedAtMs ?? (await deps.runs.run(run.id))?.startedAtMs ?? Date.now();
    const result: LanguageResult = {
      language: found.language,
      languageProbability: found.probability,
      durationMs: plan.durationMs,
      model: model.name,
      processingMs: Math.max(0, Date.now() - startedAtMs),
      warnings: [...plan.warnings, ...modelWarnings(model, true)],
    };
    await deps.runs.complete(run, result);
    await deps.cleaner.ended(run.id);
  };
}

async function findLanguage(
  run: RunOf<'language'>,
  { audioKey, windows }: Plan,
  model: KnownModel,
  context: JobContext,
): Promise<{ language: string | null; probability: number | null }> {
  const none = { language: null, probability: null };
  if (windows.length === 0) return none;
  if (model.multilingual === false) return { language: 'en', probability: null };
  const { languages } = run.options;
  const payload = {
    runId: run.id,
    audioKey,
    model: model.name,
    windows,
    ...(languages !== undefined && { languages }),
  };
  const [found = null] = await context.children('language', [{ kind: 'detect-language', payload }]);
  return found ?? none;
}
