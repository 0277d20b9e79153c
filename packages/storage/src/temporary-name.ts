import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { errorCodeOf } from '@sotto/runtime';

/**
 * Names of files being written: `<place>.<pid>.<uuid>`. Place and pid tell whether the writer can still be alive, so the
 * leftovers of a killed process need not wait for their age.
 */
export function temporaryName(): string {
  return `${placeOfProcesses()}.${process.pid}.${randomUUID()}`;
}

/** What a look at the storage writes for a moment; its end tells it from the beginning of an upload. */
export function probeName(): string {
  return `${temporaryName()}.probe`;
}

/**
 * Where a pid means something: this boot of this machine and this pid namespace. The host's name alone would not do, for
 * containers may share a name and a volume and yet not see each other's processes.
 */
function placeOfProcesses(): string {
  place ??= findPlace();
  return place;
}

/** It is where this process runs, and every upload asks for it. */
let place: string | null = null;

function findPlace(): string {
  const parts = [
    hostname(),
    orEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    orEmpty(() => readlinkSync('/proc/self/ns/pid')),
  ];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 16);
}

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

/**
 * True when the name's writer is certainly dead: it ran in this place and no process here has its pid. A writer elsewhere
 * on a shared volume, or a pid that lives again, is unknown: only age tells there.
 */
export function isWriterDead(name: string): boolean {
  const [place, pid] = name.split('.');
  if (place !== placeOfProcesses() || pid === undefined || !/^[1-9]\d*$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return errorCodeOf(error) === 'ESRCH';
  }
}
