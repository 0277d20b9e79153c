import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { requireSha256 } from './checksum.ts';
import { runPython } from './run-python.ts';
import { runTool } from './run-tool.ts';
import type { WheelJob } from './wheels.ts';

/** One package, as a registry of npm packages has it. */
export interface NpmPackage {
  package: string;
  version: string;
  /** Of the packed file. */
  bytes: number;
  sha256: string;
}

/**
 * Fetches npm packages with the machine's own npm and its settings (mirror, proxy, certificates) and checks them. Nothing of them is run.
 * @returns the folder that has a folder of each package's name with what is in it
 */
export async function fetchNpmPackages(packages: readonly NpmPackage[], job: WheelJob): Promise<string> {
  const downloaded = join(job.work, 'packed');
  const unpacked = join(job.work, 'packages');
  await mkdir(downloaded);
  await mkdir(unpacked);
  let fetchedBytes = 0;
  for (const each of packages) {
    job.report('downloading', fetchedBytes);
    await pack(each, downloaded, job);
    const file = join(downloaded, `${each.package}-${each.version}.tgz`);
    await requireSha256(file, `the package ${each.package}`, each.sha256);
    const python = { python: job.settings.python ?? 'python3', work: job.work, signal: job.signal };
    await runPython(['-m', 'tarfile', '-e', file, join(job.work, 'one')], python);
    // Everything in a packed file is in this folder (npm, `npm pack`).
    await rename(join(job.work, 'one', 'package'), join(unpacked, each.package));
    await rm(file);
    fetchedBytes += each.bytes;
  }
  job.report('verifying', fetchedBytes);
  return unpacked;
}

async function pack({ package: name, version }: NpmPackage, folder: string, job: WheelJob): Promise<void> {
  const stallMs = job.settings.stallTimeoutMs ?? 30_000;
  const limits = [`--fetch-timeout=${stallMs}`, '--fetch-retries=0'];
  const quiet = ['--loglevel=error', '--no-update-notifier', `--cache=${join(job.work, 'npm-cache')}`];
  const exactly = ['--ignore-scripts', `--pack-destination=${folder}`, `${name}@${version}`];
  await runTool('npm', ['pack', ...quiet, ...limits, ...exactly], job, problemIn);
}

function problemIn(errors: string): string {
  const lines = errors.split('\n').filter((line) => line.trim() !== '');
  if (lines.some((line) => /^env: \W*npm\W*: No such file/.test(line))) return 'it takes npm, which is not installed';
  // The code comes first, a sentence of npm's or of the system's somewhere after it.
  const told = lines.map((line) => /^npm (?:error|ERR!) (.*)/.exec(line)?.[1] ?? '').filter((line) => line !== '');
  const sentence =
    told.find((line) => /failed, reason|^notarget|^404 \S/.test(line)) ?? told[0] ?? lines.at(-1)?.trim();
  return sentence === undefined ? '' : `npm: ${sentence}`;
}
