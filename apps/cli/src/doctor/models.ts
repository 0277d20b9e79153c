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
    return [problem('engine', `${error instanceof Error ? error.message : String(error)}${cause}`)];
  }
}

export async function checkModels({ model, modelDir }: Settings): Promise<Check[]> {
  const { models, damaged } = await scanModelFolder(modelDir);
  const broken = damaged.map(({ file, reason }) => warning('model', `${file} cannot be used: ${reason}`));
  const names = models.map(({ name, bytes }) => `${name} (${bytesText(bytes)})`).join(', ');
  if (models.length === 0)
    return [...broken, warning('models', `none in ${modelDir}; WHISPER_MODEL=${model} fetches one`)];
  const [stranger] = models.every((each) => each.warning !== null) ? models : [];
  return [...broken, stranger?.warning ? warning('models', `${names}: ${stranger.warning}`) : ok('models', names)];
}
