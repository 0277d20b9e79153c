import { type ComputeType, SottoError } from '@sotto/contracts';
import { variantNames } from './catalog.ts';
import { type InstalledModelFile, scanModelFolder } from './installed.ts';
import { modelNameOf } from './paths.ts';

/**
 * The installed file that serves a requested name: aliases and compute type are resolved, another model is never
 * taken in its place.
 *
 * @throws SottoError `model_not_available` with the list of installed models.
 */
export async function resolveModel(
  name: string,
  computeType: ComputeType,
  modelDir: string,
): Promise<InstalledModelFile> {
  const { models, damaged } = await scanModelFolder(modelDir);
  const wanted = variantNames(name, computeType);
  const broken = damaged.find(({ file }) => wanted.includes(modelNameOf(file) ?? ''));
  return pickModel(name, computeType, models, broken ? ` ${broken.file} cannot be used: ${broken.reason}` : '');
}

/** As `resolveModel`, from a list that is already known. `note` is added to the error's detail. */
export function pickModel(
  name: string,
  computeType: ComputeType,
  models: readonly InstalledModelFile[],
  note = '',
): InstalledModelFile {
  const wanted = variantNames(name, computeType);
  for (const variant of wanted) {
    const model = models.find((each) => each.name.toLowerCase() === variant.toLowerCase());
    if (model) return withWarning(model, computeTypeWarning(computeType, wanted[0] ?? name, model));
  }
  const names = models.map((model) => model.name);
  const installed = names.length > 0 ? `Installed here: ${names.join(', ')}.` : 'No model is installed here.';
  throw new SottoError(
    'model_not_available',
    `The model ${JSON.stringify(name)} is not installed. ${installed}${note}`,
    {
      fields: { models: names },
    },
  );
}

/** What to tell when the precision is not the one asked for; null when it is, or when the file was named outright. */
function computeTypeWarning(computeType: ComputeType, wantedName: string, model: InstalledModelFile): string | null {
  if (computeType === 'float32')
    return `float32 is not offered: ${model.name} runs with its ${model.precision} weights.`;
  const asWanted = model.name === wantedName && !(computeType === 'int8' && model.precision === 'f16');
  return asWanted ? null : `${computeType} was asked for, but only ${model.name} (${model.precision}) is installed.`;
}

function withWarning(model: InstalledModelFile, more: string | null): InstalledModelFile {
  return more === null ? model : { ...model, warning: [model.warning, more].filter(Boolean).join(' ') };
}
