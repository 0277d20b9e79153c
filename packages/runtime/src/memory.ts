import os from 'node:os';
import { join } from 'node:path';
import { cgroupFolders, readKernelFile } from './cgroup.ts';

export interface MemoryReading {
  totalBytes: number;
  /** Without file caches that the kernel gives back when asked. */
  usedBytes: number;
  /** 0-100. */
  percent: number;
}

/**
 * Memory as the kernel will judge it: the machine's, or that of the tightest control group this process is in,
 * whichever is fuller. Swap is not counted.
 *
 * @param root where `proc` and `sys` are; only tests give another.
 */
export function readMemory(root = '/'): MemoryReading {
  return readings(root).reduce((fullest, one) => (one.percent > fullest.percent ? one : fullest));
}

/** What this process could ever have: the machine's memory, or the tightest limit that it is under. */
export function memoryLimitBytes(root = '/'): number {
  return Math.min(...readings(root).map(({ totalBytes }) => totalBytes));
}

function readings(root: string): MemoryReading[] {
  const groups = [
    ...cgroupFolders(root, null).map((folder) =>
      groupMemory(folder, { limit: 'memory.max', usage: 'memory.current', cache: 'inactive_file' }),
    ),
    ...cgroupFolders(root, 'memory').map((folder) =>
      groupMemory(folder, {
        limit: 'memory.limit_in_bytes',
        usage: 'memory.usage_in_bytes',
        cache: 'total_inactive_file',
      }),
    ),
  ].filter((reading) => reading !== null);
  return [machineMemory(root), ...groups];
}

function machineMemory(root: string): MemoryReading {
  const table = readKernelFile(join(root, 'proc/meminfo')) ?? '';
  const field = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(table)?.[1] ?? Number.NaN) * 1024;
  const totalBytes = field('MemTotal') || os.totalmem();
  const availableBytes = field('MemAvailable') || os.freemem();
  return reading(totalBytes, totalBytes - availableBytes);
}

function groupMemory(folder: string, names: { limit: string; usage: string; cache: string }): MemoryReading | null {
  const limit = Number(readKernelFile(join(folder, names.limit)) ?? 'none');
  const usage = Number(readKernelFile(join(folder, names.usage)) ?? 'none');
  // v1 says "no limit" with a number near 2^63, v2 with the word max.
  if (!(limit > 0) || !(usage >= 0) || limit > Number.MAX_SAFE_INTEGER) return null;
  const stat = readKernelFile(join(folder, 'memory.stat')) ?? '';
  const cache = Number(new RegExp(`^${names.cache} (\\d+)`, 'm').exec(stat)?.[1] ?? 0);
  return reading(limit, Math.max(0, usage - cache));
}

function reading(totalBytes: number, usedBytes: number): MemoryReading {
  return { totalBytes, usedBytes, percent: (usedBytes / totalBytes) * 100 };
}
