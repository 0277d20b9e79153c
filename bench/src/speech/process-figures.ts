import { readFile } from 'node:fs/promises';
import type { Service } from '@sotto/testkit';

/** Of a clock tick in /proc, on every Linux. */
const TICKS_PER_SECOND = 100;

/** Fields of /proc/PID/stat, from the third on. */
async function statOf(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The second field is a name in parentheses, and may have anything in it.
  return text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
}

const seconds = (...ticks: (number | undefined)[]): number =>
  ticks.reduce<number>((sum, each) => sum + (each ?? 0), 0) / TICKS_PER_SECOND;

/** Processor time that a process has used, all its threads together. */
export async function cpuSeconds(pid: number): Promise<number> {
  const stat = await statOf(pid);
  return seconds(stat[11], stat[12]);
}

/** Processor time of the children that a process has had. */
async function childrensSeconds(pid: number): Promise<number> {
  const stat = await statOf(pid);
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  const own = children.split(' ').filter((child) => child !== '');
  const living = await Promise.all(own.map((child) => cpuSeconds(Number(child)).catch(() => 0)));
  return seconds(stat[13], stat[14]) + living.reduce((sum, each) => sum + each, 0);
}

/** Processor time of a service that speaks. */
export interface ServiceTime {
  /** Of the programs that its workers have started. */
  engineSeconds: number;
  /** Of its workers, APIs and Redis. */
  otherSeconds: number;
}

export async function serviceTime({ workers, apis, redis }: Service): Promise<ServiceTime> {
  const pids = [...workers, ...apis].map(({ process }) => process.pid);
  const sum = (all: number[]) => all.reduce((total, each) => total + each, 0);
  return {
    engineSeconds: sum(await Promise.all(workers.map(({ process }) => childrensSeconds(process.pid)))),
    otherSeconds: sum(await Promise.all([...pids, redis.pid].map(cpuSeconds))),
  };
}

/** The most memory that a process has had. */
export async function peakMegabytes(pid: number): Promise<number> {
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1000;
}
