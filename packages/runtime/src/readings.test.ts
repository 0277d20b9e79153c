import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { cpuQuota, wholeCores } from './cpu.ts';
import { readDisk } from './disk.ts';
import { readMemory } from './memory.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** A root folder with these kernel files, as a container would show them. */
function rootWith(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'sotto-kernel-'));
  folders.push(root);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), `${text}\n`);
  }
  return root;
}

describe('cpuQuota', () => {
  it('reads cgroup v2, at the root of a container and nested', () => {
    const container = rootWith({ 'proc/self/cgroup': '0::/', 'sys/fs/cgroup/cpu.max': '150000 100000' });
    expect(cpuQuota(container, 8)).toBe(1.5);
    expect(wholeCores(container, 8)).toBe(1);
    const nested = rootWith({
      'proc/self/cgroup': '0::/system.slice/sotto.service',
      'sys/fs/cgroup/system.slice/cpu.max': '400000 100000',
      'sys/fs/cgroup/system.slice/sotto.service/cpu.max': 'max 100000',
    });
    expect(cpuQuota(nested, 8)).toBe(4);
  });

  it('reads cgroup v1', () => {
    const root = rootWith({
      'proc/self/cgroup': '4:cpu,cpuacct:/docker/abc\n3:memory:/docker/abc\n0::/',
      'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1',
      'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000',
      'sys/fs/cgroup/cpu/docker/abc/cpu.cfs_quota_us': '50000',
      'sys/fs/cgroup/cpu/docker/abc/cpu.cfs_period_us': '100000',
    });
    expect(cpuQuota(root, 8)).toBe(0.5);
    expect(wholeCores(root, 8)).toBe(1);
  });

  it('never exceeds the cores it may be scheduled on, and does without any group', () => {
    expect(cpuQuota(rootWith({ 'sys/fs/cgroup/cpu.max': '9900000 100000' }), 4)).toBe(4);
    expect(cpuQuota(rootWith({ 'sys/fs/cgroup/cpu.max': 'max 100000' }), 4)).toBe(4);
    expect(cpuQuota(join(tmpdir(), 'sotto-no-such-root'), 3)).toBe(3);
  });

  it('gives this machine a sensible figure', () => {
    expect(cpuQuota()).toBeGreaterThan(0);
    expect(wholeCores()).toBeGreaterThanOrEqual(1);
  });
});

const GIB = 1024 ** 3;
const meminfo = (totalGib: number, availableGib: number) =>
  `MemTotal:  ${totalGib * 1024 ** 2} kB\nMemFree: 1 kB\nMemAvailable:  ${availableGib * 1024 ** 2} kB`;

describe('readMemory', () => {
  it('is the machine when no group is tighter', () => {
    const reading = readMemory(rootWith({ 'proc/meminfo': meminfo(16, 4), 'sys/fs/cgroup/memory.max': 'max' }));
    expect(reading).toEqual({ totalBytes: 16 * GIB, usedBytes: 12 * GIB, percent: 75 });
  });

  it('is the group (v2) when that is fuller, without its file cache', () => {
    const root = rootWith({
      'proc/self/cgroup': '0::/',
      'proc/meminfo': meminfo(16, 12),
      'sys/fs/cgroup/memory.max': String(2 * GIB),
      'sys/fs/cgroup/memory.current': String(1.75 * GIB),
      'sys/fs/cgroup/memory.stat': `anon 1\ninactive_file ${0.25 * GIB}\nactive_file 5`,
    });
    expect(readMemory(root)).toEqual({ totalBytes: 2 * GIB, usedBytes: 1.5 * GIB, percent: 75 });
  });

  it('reads v1 and takes its huge number for no limit', () => {
    const files = {
      'proc/self/cgroup': '3:memory:/',
      'proc/meminfo': meminfo(16, 15),
      'sys/fs/cgroup/memory/memory.limit_in_bytes': String(GIB),
      'sys/fs/cgroup/memory/memory.usage_in_bytes': String(GIB / 2),
    };
    expect(readMemory(rootWith(files)).percent).toBe(50);
    const unlimited = { ...files, 'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712' };
    expect(readMemory(rootWith(unlimited)).totalBytes).toBe(16 * GIB);
  });

  it('gives this machine a sensible figure', () => {
    const { percent, totalBytes } = readMemory();
    expect(percent).toBeGreaterThan(0);
    expect(percent).toBeLessThanOrEqual(100);
    expect(totalBytes).toBeGreaterThan(64 * 1024 ** 2);
  });
});

describe('readDisk', () => {
  it('reads the filesystem of a folder', async () => {
    const { freeBytes, totalBytes, freePercent } = await readDisk(tmpdir());
    expect(freeBytes).toBeLessThanOrEqual(totalBytes);
    expect(freePercent).toBeCloseTo((freeBytes / totalBytes) * 100);
  });

  it('fails for a folder that is not there', async () => {
    await expect(readDisk(join(tmpdir(), 'sotto-no-such-folder'))).rejects.toThrow(/ENOENT/);
  });
});
