import os from 'node:os';
import { join } from 'node:path';
import { cgroupFolders, readKernelFile } from './cgroup.ts';

/**
 * Cores this process may use, possibly a fraction: the least of its control groups' quotas (v2 `cpu.max`, v1
 * `cpu.cfs_quota_us`) and of the cores it may be scheduled on.
 *
 * @param root where `proc` and `sys` are; only tests give another.
 */
export function cpuQuota(root = '/', schedulable: number = os.availableParallelism()): number {
  const quotas = [
    ...cgroupFolders(root, null).map((folder) => quotaOf(readKernelFile(join(folder, 'cpu.max'))?.split(' '))),
    ...cgroupFolders(root, 'cpu').map((folder) =>
      quotaOf([
        readKernelFile(join(folder, 'cpu.cfs_quota_us')) ?? '',
        readKernelFile(join(folder, 'cpu.cfs_period_us')) ?? '',
      ]),
    ),
  ];
  return Math.min(schedulable, ...quotas.filter((quota) => quota !== null));
}

/** Cores; `max` (v2) and -1 (v1) mean no limit: null. */
export function quotaOf(pair: string[] | undefined): number | null {
  const [quota, period] = (pair ?? []).map(Number);
  if (quota === undefined || period === undefined || !(quota > 0) || !(period > 0)) return null;
  return quota / period;
}

/** Whole cores, at least one: how many threads of compute fit without waiting for each other. */
export function wholeCores(root = '/', schedulable: number = os.availableParallelism()): number {
  return Math.max(1, Math.floor(cpuQuota(root, schedulable)));
}
