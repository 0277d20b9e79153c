import { stat } from 'node:fs/promises';
import { SottoError } from '@sotto/contracts';
import { type ModelProgress, throttled } from '@sotto/model-files';
import { type CatalogEntry, entryToInstall, type ModelSource } from './catalog.ts';
import { describeModel, type InstalledModelFile } from './installed.ts';
import { withModelLock } from './lock.ts';
import { modelPath, partialPath } from './paths.ts';
import type { InstallSettings, SourceJob } from './source-job.ts';
import { installFrom, usableSources } from './sources.ts';

export interface InstallOptions extends InstallSettings {
  onProgress?: (progress: ModelProgress) => void;
  signal?: AbortSignal;
  /** At most one report of a phase in this time. Default 100: for a progress bar; a log wants 10 000. */
  progressEveryMs?: number;
  /** Only these kinds of source; all of the entry's when absent. A file in `fileDirs` is always looked for. */
  only?: readonly ModelSource['kind'][];
}

/** One source that was tried. */
export interface InstallAttempt {
  model: string;
  /** In words: `official`, `mirror`, `file`, `python package`, `bundled`. */
  source: string;
  /** null when it worked. */
  problem: string | null;
  durationMs: number;
}

export interface InstallResult {
  model: InstalledModelFile;
  /** Empty when the model was there already. */
  attempts: InstallAttempt[];
}

/**
 * Makes sure that a model of the catalog is in the folder: does nothing when it is, else tries its sources in order.
 * Any number of processes may call this at once: one installs, the others wait and find the file.
 *
 * @throws SottoError `model_not_available` when no source works (`fields.attempts` says why), `disk_full`; the signal's reason.
 */
export async function installModel(
  model: string | CatalogEntry,
  modelDir: string,
  options: InstallOptions = {},
): Promise<InstallResult> {
  const entry = typeof model === 'string' ? entryToInstall(model) : model;
  const present = await presentModel(modelDir, entry.name);
  if (present) return { model: present, attempts: [] };
  const onProgress = throttled(options.onProgress, options.progressEveryMs);
  const waiting = async () => {
    // The other process's partial file tells how far it is.
    const receivedBytes = (await stat(partialPath(modelDir, entry.name)).catch(() => null))?.size ?? 0;
    const source = 'another process';
    onProgress({ model: entry.name, phase: 'waiting', source, receivedBytes, totalBytes: entry.bytes });
  };
  const install = async (signal: AbortSignal): Promise<InstallResult> => {
    const installed = await presentModel(modelDir, entry.name);
    if (installed) return { model: installed, attempts: [] };
    const target = modelPath(modelDir, entry.name);
    const attempts = await trySources(
      entry,
      { modelDir, target, entry, signal, onProgress, settings: options },
      options.only,
    );
    return { model: await describeModel(target), attempts };
  };
  return withModelLock(modelDir, entry.name, install, { signal: options.signal, onWait: waiting });
}

/** The model if its file is there and whole. A damaged file counts as absent and is replaced. */
async function presentModel(modelDir: string, name: string): Promise<InstalledModelFile | null> {
  return describeModel(modelPath(modelDir, name)).catch(() => null);
}

async function trySources(
  entry: CatalogEntry,
  job: SourceJob,
  only: InstallOptions['only'],
): Promise<InstallAttempt[]> {
  const attempts: InstallAttempt[] = [];
  const causes: unknown[] = [];
  for (const source of usableSources(entry, job.settings, only)) {
    const startedMs = performance.now();
    const attempt = { model: entry.name, source: source.label };
    try {
      await installFrom(source, job);
      return [...attempts, { ...attempt, problem: null, durationMs: Math.round(performance.now() - startedMs) }];
    } catch (error) {
      job.signal.throwIfAborted();
      const problem = error instanceof SottoError ? error.detail : (error as Error).message;
      attempts.push({ ...attempt, problem, durationMs: Math.round(performance.now() - startedMs) });
      causes.push(error);
    }
  }
  throw notInstalled(entry, attempts, causes);
}

function notInstalled(entry: CatalogEntry, attempts: InstallAttempt[], causes: unknown[]): SottoError {
  const full = causes.find((cause) => cause instanceof SottoError && cause.code === 'disk_full');
  const why = attempts.map(({ source, problem }) => `${source}: ${problem}`).join('; ') || 'no source is allowed here';
  const code = full ? 'disk_full' : 'model_not_available';
  return new SottoError(code, `${entry.name} could not be installed (${why}).`, {
    cause: new AggregateError(causes),
    fields: { attempts },
  });
}
