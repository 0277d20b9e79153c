import { engineInfo, scanModelFolder } from '@sotto/whisper';
import type { Settings } from '../settings.ts';
import { bytesText } from '../terminal/output.ts';
import { type Check, ok, problem, warning } from './check.ts';

export async function checkEngine(): Promise<Check[]> {
  try {
    const { version, features } = engineInfo();
    return [ok('engine', `whisper.cpp ${version}: ${features.join(', ')}`)];
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? `: ${error.cause.message}` : '';
    const what = `${error instanceof Error ? error.message : String(error)}${cause}`;
    return [problem('engine', what, 'npm start builds it, and says what it misses')];
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
