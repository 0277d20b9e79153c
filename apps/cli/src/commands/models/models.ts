import { basename, resolve } from 'node:path';
import {
  CATALOG,
  importModel,
  installedSpeakerModel,
  installModel,
  installSpeakerModel,
  type ModelProgress,
  type Quantisation,
  removeModel,
  removeSpeakerModel,
  type SelfTest,
  SPEAKER_MODEL,
  scanModelFolder,
} from '@sotto/whisper';
import { CommandError, EXIT, type ExitCode } from '../../exit-codes.ts';
import { readSettings } from '../../settings.ts';
import { bytesText, note, result, table } from '../../terminal/output.ts';
import { withProgress } from '../../terminal/with-progress.ts';
import { testSpeech } from './test-speech.ts';

/** What is installed, and with `all` what could be. */
export async function listModels({ all = false }: { all?: boolean }): Promise<ExitCode> {
  const { modelDir } = readSettings(process.env);
  const { models, damaged } = await scanModelFolder(modelDir);
  const installed = models.map(({ name, bytes, multilingual }) => [
    name,
    bytesText(bytes),
    languages(multilingual),
    'installed',
  ]);
  const names = new Set(models.map(({ name }) => name));
  const others = CATALOG.filter(({ name }) => !names.has(name)).map((entry) => [
    entry.name,
    bytesText(entry.bytes),
    languages(entry.languages === 'multilingual'),
    '',
  ]);
  const speakers = [SPEAKER_MODEL.name, bytesText(SPEAKER_MODEL.bytes), 'speakers'];
  if ((await installedSpeakerModel(modelDir)) !== null) installed.push([...speakers, 'installed']);
  else others.push([...speakers, '']);
  const rows = all ? [...installed, ...others] : installed;
  if (rows.length === 0) note(`No model is installed in ${modelDir}. See: sotto models list --all`);
  else result(table([['NAME', 'SIZE', 'LANGUAGES', ''], ...rows]));
  for (const { file, reason } of damaged) note(`${file} cannot be used: ${reason}`);
  return damaged.length > 0 ? EXIT.failed : EXIT.ok;
}

export async function installModels(names: readonly string[]): Promise<ExitCode> {
  const { modelDir, modelBaseUrl } = readSettings(process.env);
  for (const name of names) {
    const path = await withProgress(async (bar) => {
      const onProgress = (progress: ModelProgress) => bar.show(progress);
      if (name === SPEAKER_MODEL.name) return installSpeakerModel(modelDir, { onProgress });
      const mirror = modelBaseUrl === null ? {} : { baseUrl: modelBaseUrl };
      return (await installModel(name, modelDir, { onProgress, ...mirror })).model.path;
    });
    result(`${name} is in ${path}`);
  }
  return EXIT.ok;
}

export interface ImportModelOptions {
  name?: string;
  quantize?: Quantisation;
  selfTest: boolean;
  force?: boolean;
}

/** A faster-whisper or Hugging Face folder becomes a model of ours, named after the folder unless told otherwise. */
export async function importModels(folder: string, options: ImportModelOptions): Promise<ExitCode> {
  const { modelDir } = readSettings(process.env);
  const speech = options.selfTest ? await testSpeech() : undefined;
  const model = await withProgress((bar) =>
    importModel(resolve(folder), {
      name: options.name ?? basename(resolve(folder)).toLowerCase(),
      modelDir,
      quantize: options.quantize,
      speech,
      overwrite: options.force ?? false,
      onProgress: (progress) => bar.show(progress),
    }),
  );
  if (model.selfTest && speech) for (const line of selfTestLines(model.selfTest, speech.text)) note(line);
  result(`${model.name} is in ${model.path}`);
  return EXIT.ok;
}

/** What the model did with the sample, and what it takes to run it here. */
function selfTestLines({ text, asSpoken, windowMs, memoryBytes }: SelfTest, spoken: string): string[] {
  const seconds = windowMs / 1_000;
  const speed = `Up to 30 s of speech take about ${seconds.toFixed(1)} s here (${Math.round(30 / seconds)}x)`;
  const heard = asSpoken
    ? `Self-test: it heard what was said, "${text}"`
    : `Self-test: it heard "${text}" where "${spoken}" was said. That is right only for a model that does not know English.`;
  return [heard, `${speed}, with about ${bytesText(memoryBytes)} of memory.`];
}

export async function removeModels(names: readonly string[]): Promise<ExitCode> {
  const { modelDir } = readSettings(process.env);
  for (const name of names) {
    const isRemoved =
      name === SPEAKER_MODEL.name ? await removeSpeakerModel(modelDir) : await removeModel(name, modelDir);
    if (!isRemoved) throw new CommandError(`No model named ${name} is in ${modelDir}.`);
    note(`${name} is removed.`);
  }
  return EXIT.ok;
}

const languages = (multilingual: boolean): string => (multilingual ? 'multilingual' : 'English');
