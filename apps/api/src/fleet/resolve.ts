import {
  canonicalModelName,
  type InstalledModel,
  KNOWN_MODELS,
  LANGUAGES,
  modelFacts,
  modelFamily,
  type RunOptions,
  SottoError,
} from '@sotto/contracts';
import { awaitsModels, currentModelName, type Fleet } from './worker-directory.ts';

export interface ResolvedModel {
  /** null: the workers' default, which none has reported yet. */
  name: string | null;
  /** null: not known before a worker was seen. */
  digest: string | null;
}

const LOADING_RETRY_SECONDS = 10;

/** The run options that decide which models can do the work. */
export type ModelWishes = Pick<RunOptions, 'model'> &
  Partial<Pick<RunOptions, 'language' | 'languages' | 'multilingual' | 'task'>>;

/**
 * Which model file will do this work. An explicit name never falls back to another model.
 *
 * @throws SottoError `model_not_available` with the models that are, `model_loading` while a worker may still install
 *   it, `language_not_supported` when an English model is asked for more than English.
 */
export function resolveModel(options: ModelWishes, fleet: Fleet, configured: string | null): ResolvedModel {
  const wanted = options.model === null ? currentModelName(fleet, configured) : canonicalModelName(options.model);
  const installed = wanted === null ? undefined : findInstalled(wanted, fleet.models);
  if (options.model !== null && installed === undefined) checkMayBeInstalled(options.model, fleet);
  const isMultilingual =
    installed?.multilingual ?? (wanted === null ? true : (modelFacts(wanted)?.multilingual ?? true));
  if (!isMultilingual) checkEnglish(options, wanted ?? '', fleet.models);
  return { name: installed?.name ?? wanted, digest: installed?.digest ?? null };
}

/** The file with exactly that name, else a quantized one of the same model. */
function findInstalled(name: string, models: readonly InstalledModel[]): InstalledModel | undefined {
  const exact = models.find((model) => model.name.toLowerCase() === name.toLowerCase());
  return exact ?? models.find((model) => modelFamily(model.name).toLowerCase() === name.toLowerCase());
}

function checkMayBeInstalled(asked: string, fleet: Fleet): void {
  const isKnown = modelFacts(canonicalModelName(asked)) !== null;
  const names = fleet.models.map(({ name }) => name);
  if (fleet.models.length === 0 && isKnown && awaitsModels(fleet)) {
    if (fleet.workers.length === 0) return; // No worker has been seen yet: the first one will decide.
    throw new SottoError('model_loading', `No worker has loaded ${shown(asked)} yet.`, {
      retryAfterSeconds: LOADING_RETRY_SECONDS,
    });
  }
  const choice = names.length > 0 ? names : Object.keys(KNOWN_MODELS);
  throw new SottoError(
    'model_not_available',
    `Unknown model: ${shown(asked)}. Available models: ${choice.join(', ')}.`,
    {
      fields: { models: choice },
    },
  );
}

function checkEnglish(wishes: ModelWishes, model: string, models: readonly InstalledModel[]): void {
  const { language = null, languages, multilingual, task } = wishes;
  const isEnglish = language === 'en' || (language === null && (languages?.includes('en') ?? true));
  if (task !== 'translate' && isEnglish && multilingual === undefined) return;
  const others = languages?.map((code) => LANGUAGES[code]).join(' or ') ?? 'several languages';
  const asked = language === null || multilingual === true ? others : LANGUAGES[language];
  const able = models.filter(({ multilingual }) => multilingual).map(({ name }) => name);
  const hint = able.length > 0 ? `Models that can: ${able.join(', ')}.` : 'No installed model can.';
  const what = task === 'translate' ? 'cannot translate' : `supports only English, not ${asked}`;
  throw new SottoError('language_not_supported', `${model} ${what}. ${hint}`, { fields: { models: able } });
}

const shown = (name: string): string => JSON.stringify(name.slice(0, 60));
