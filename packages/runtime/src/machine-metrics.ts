import os from 'node:os';
import { join } from 'node:path';
import { Counter, Gauge, type Registry } from 'prom-client';
import { cgroupFolders, readKernelFile } from './cgroup.ts';
import { cpuQuota, quotaOf } from './cpu.ts';
import { readMemory } from './memory.ts';

/**
 * Processor and memory as this process may use them: of its container, where that has limits of its own, or else of the
 * machine. Read on each scrape.
 */
export function addMachineMetrics(registry: Registry): void {
  const registers = [registry];
  new Gauge({
    name: 'sotto_memory_used_ratio',
    help: 'Used part of the memory of the container or the machine, whichever is fuller, 0-1.',
    registers,
    collect() {
      this.set(readMemory().percent / 100);
    },
  });
  new Gauge({
    name: 'sotto_cpu_cores',
    help: 'Cores that may be used, possibly a fraction.',
    registers,
    collect() {
      this.set(cpuQuota());
    },
  });
  new Counter({
    name: 'sotto_cpu_seconds_total',
    help: 'Processor time used by the container where it has a limit, or else by everything on the machine.',
    registers,
    collect() {
      this.reset();
      this.inc(cpuSecondsUsed());
    },
  });
}

/** @param root where `proc` and `sys` are; only tests give another. */
export function cpuSecondsUsed(root = '/'): number {
  for (const folder of cgroupFolders(root, null)) {
    if (quotaOf(readKernelFile(join(folder, 'cpu.max'))?.split(' ')) === null) continue;
    const used = /^usage_usec (\d+)/m.exec(readKernelFile(join(folder, 'cpu.stat')) ?? '')?.[1];
    if (used !== undefined) return Number(used) / 1e6;
  }
  return os.cpus().reduce((sum, { times }) => sum + (times.user + times.nice + times.sys + times.irq) / 1000, 0);
}
