import { execFile } from 'node:child_process';
import { mkdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import { promisify } from 'node:util';
import { readDisk, readMemory, wholeCores } from '@sotto/runtime';
import type { Settings } from '../../settings.ts';
import { bytesText } from '../../terminal/output.ts';
import { type Check, ok, problem, warning } from './check.ts';

const run = promisify(execFile);

/** `base` and its working memory fit in this. */
const SMALL_MEMORY_BYTES = 1_500_000_000;
const SMALL_DISK_BYTES = 2_000_000_000;
/** A driver in trouble must not keep the rest from being told. */
const GPU_TIMEOUT_MS = 5_000;
const SMALL_DISK_HINT = 'free some space, or keep uploads and models elsewhere: TEMP_DIR, WHISPER_MODEL_DIR';

export async function checkMachine(settings: Settings): Promise<Check[]> {
  return [checkCores(), await checkInstructions(), await checkMemory(), await checkDisk(settings), await checkGpus()];
}

function checkCores(): Check {
  const cores = wholeCores();
  return cores > 1
    ? ok('cores', String(cores))
    : warning('cores', '1', 'transcription will be slow; a container can be given more');
}

/** What makes the engine fast; Linux alone tells, as a list of flags. */
const INSTRUCTIONS = {
  avx2: 'AVX2',
  fma: 'FMA',
  f16c: 'F16C',
  avx512f: 'AVX-512',
  avx512_vnni: 'VNNI',
  amx_tile: 'AMX',
};
const OLD_HINT = 'it works, but several times slower than on a processor with AVX2';

async function checkInstructions(): Promise<Check> {
  const model = os.cpus()[0]?.model.trim() || process.arch;
  if (process.arch !== 'x64') return ok('processor', `${model} (${process.arch}): portable backend`);
  const flags = /^flags\s*: (.*)$/m.exec(await readFile('/proc/cpuinfo', 'utf8').catch(() => ''))?.[1]?.split(' ');
  if (flags === undefined) return ok('processor', model);
  const has = Object.entries(INSTRUCTIONS).flatMap(([flag, name]) => (flags.includes(flag) ? [name] : []));
  const detail = `${model}: ${has.join(', ') || 'no vector instructions that we use'}`;
  return flags.includes('avx2') ? ok('processor', detail) : warning('processor', detail, OLD_HINT);
}

/** Seen by NVIDIA's driver. Without any, the processor does the work, which is no fault. */
async function checkGpus(): Promise<Check> {
  const query = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader'];
  const { stdout } = await run('nvidia-smi', query, { timeout: GPU_TIMEOUT_MS }).catch(() => ({ stdout: '' }));
  const gpus = stdout.trim().split('\n').filter(Boolean);
  return ok('gpu', gpus.length === 0 ? 'none that nvidia-smi knows: the processor does the work' : gpus.join('; '));
}

async function checkMemory(): Promise<Check> {
  const { totalBytes, usedBytes } = readMemory();
  const text = `${bytesText(totalBytes)}, ${bytesText(Math.max(0, totalBytes - usedBytes))} of it free`;
  return totalBytes > SMALL_MEMORY_BYTES
    ? ok('memory', text)
    : warning('memory', text, 'use a small model: WHISPER_MODEL=tiny or base');
}

async function checkDisk({ dataFolder }: Settings): Promise<Check> {
  try {
    await mkdir(dataFolder, { recursive: true });
    const { freeBytes } = await readDisk(dataFolder);
    const text = `${bytesText(freeBytes)} free in ${dataFolder}`;
    return freeBytes > SMALL_DISK_BYTES ? ok('disk', text) : warning('disk', text, SMALL_DISK_HINT);
  } catch (error) {
    return problem('disk', `${dataFolder} cannot be written: ${String(error)}`, 'make it writable for your user');
  }
}
