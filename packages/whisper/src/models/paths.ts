import { join } from 'node:path';

/** Every file name in a model folder is made here. The visible ones are whisper.cpp's own: `ggml-<name>.bin`. */
export const modelPath = (modelDir: string, name: string): string => join(modelDir, `ggml-${name}.bin`);

/** What has been downloaded so far; survives a broken run. */
export const partialPath = (modelDir: string, name: string): string => join(modelDir, `.ggml-${name}.bin.part`);

/** Where the partial file came from: its URL and validator (see download.ts). */
export const partialOriginPath = (modelDir: string, name: string): string => `${partialPath(modelDir, name)}.json`;

export const lockPath = (modelDir: string, name: string): string => join(modelDir, `.ggml-${name}.bin.lock`);

/** Scratch folder of one installation. Only the holder of the model's lock touches it. */
export const workPath = (modelDir: string, name: string): string => join(modelDir, `.ggml-${name}.bin.work`);

/** Name of the model in a visible file, or null for a file that is none. */
export function modelNameOf(fileName: string): string | null {
  if (fileName.startsWith('.') || !fileName.endsWith('.bin')) return null;
  const name = fileName.slice(0, -'.bin'.length).replace(/^ggml-/, '');
  return isModelName(name) ? name : null;
}

/** A name that is safe as part of a file name. */
export const isModelName = (name: string): boolean => /^[a-z0-9][a-z0-9._-]{0,63}$/i.test(name);
