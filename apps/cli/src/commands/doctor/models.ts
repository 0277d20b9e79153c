import { chosenOfInstalled, engineInfo, scanModelFolder, WhisperModel } from '@sotto/whisper';
import type { Settings } from '../../settings.ts';
import { bytesText } from '../../terminal/output.ts';
import { type Check, ok, problem, warning } from './check.ts';

export async function checkEngine(): Promise<Check[]> {
  try {
    const { version, features } = engineInfo();
    return [ok('engine', `ggml of whisper.cpp ${version}: ${features.join(', ')}`)];
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    const what = `${error instanceof Error ? error.message : String(error)}${cause}`;
    return [problem('engine', what, 'npm start builds it, and says what is missing')];
  }
}

/** Loads the model that a worker would start with: only then it is known how many windows the memory holds. */
export async function checkBatch({ model: wanted, modelDir, computeType }: Settings): Promise<Check[]> {
  const file = await chosenOfInstalled(wanted, modelDir, computeType);
  if (file === null) return [];
  try {
    const model = await WhisperModel.load(file.path, { device: 'auto', slots: 'auto', threads: 1 });
    const { slots, bytesPerSlot, device, backend } = model.info;
    await model.close();
    const each = `${bytesText(bytesPerSlot)} each`;
    return [
      ok(
        'batch',
        `${file.name}: ${slots} windows at once with WHISPER_BATCH=auto, ${each}, ${device}, ${backend} backend`,
      ),
    ];
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return [
      problem('batch', `${file.name}: ${what}`, 'use a smaller model (WHISPER_MODEL), or install this one again'),
    ];
  }
}

const INSTALL = 'npx sotto models install base';

function hintFor(model: string): string {
  return model === 'auto' ? `npm start fetches one; or: ${INSTALL}` : `npm start fetches ${model}`;
}

export async function checkModels({ model, modelDir }: Settings): Promise<Check[]> {
  const { models, damaged } = await scanModelFolder(modelDir);
  const broken = damaged.map(({ file, reason }) =>
    warning('model', `${file} cannot be used: ${reason}`, 'delete it and install the model again'),
  );
  const names = models.map(({ name, bytes }) => `${name} (${bytesText(bytes)})`).join(', ');
  if (models.length === 0) return [...broken, warning('models', `none in ${modelDir}`, hintFor(model))];
  const [stranger] = models.every((each) => each.warning !== null) ? models : [];
  return [
    ...broken,
    stranger?.warning ? warning('models', `${names}: ${stranger.warning}`, INSTALL) : ok('models', names),
  ];
}
