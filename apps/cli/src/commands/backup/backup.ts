import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { libraryPlaceOf } from '../../archive/library-place.ts';
import { CommandError, EXIT, type ExitCode } from '../../exit-codes.ts';
import { withDataPlace } from '../../service/data-place.ts';
import { readSettings, type Settings } from '../../settings.ts';
import { bytesText, note, result } from '../../terminal/output.ts';
import { listenForStop } from '../../terminal/stop-signals.ts';
import { UNFINISHED, writeBackupFile } from './write-backup.ts';

export interface BackupOptions {
  /** Again and again, in milliseconds. */
  every?: number;
  /** How many of the newest backups stay. */
  keep?: number;
}

/** What failed is tried again so soon, or at the next time if that is sooner. */
const RETRY_MS = 60_000;
const NAME = /^sotto-\d{8}T\d{6}Z\.backup$/;

/** Writes backups into a folder; with `every` until it is told to stop. */
export async function backup(folder: string, { every, keep }: BackupOptions): Promise<ExitCode> {
  const settings = readSettings(process.env);
  const stop = listenForStop(() => process.exit(EXIT.interrupted));
  try {
    await mkdir(folder, { recursive: true });
    if (every === undefined) await backupOnce(settings, folder, every, stop.signal);
    while (every !== undefined && !stop.signal.aborted) {
      const startedMs = Date.now();
      const isDone = await attempt(settings, folder, every, stop.signal);
      if (isDone && keep !== undefined) await removeOld(folder, keep);
      const waitMs = isDone ? startedMs + every - Date.now() : Math.min(every, RETRY_MS);
      await delay(Math.max(0, waitMs), undefined, { signal: stop.signal }).catch(() => {});
    }
    if (every === undefined && keep !== undefined) await removeOld(folder, keep);
  } catch (error) {
    if (stop.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    stop.release();
  }
  return EXIT.ok;
}

/** Of a schedule: one failure does not end it. */
async function attempt(settings: Settings, folder: string, every: number, signal: AbortSignal): Promise<boolean> {
  try {
    await backupOnce(settings, folder, every, signal);
    return true;
  } catch (error) {
    if (!signal.aborted) note(`No backup: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

async function backupOnce(
  settings: Settings,
  folder: string,
  every: number | undefined,
  signal: AbortSignal,
): Promise<void> {
  const startedMs = performance.now();
  const path = join(folder, `sotto-${new Date().toISOString().replace(/\.\d+|[-:]/g, '')}.backup`);
  if ((await stat(path).catch(() => null)) !== null) throw new CommandError(`${path} is there already.`);
  const { keys, blobs, bytes } = await withDataPlace(settings, (place) => {
    if (every !== undefined && every > place.resultTtlMs) {
      note(`Results are kept for ${place.resultTtlMs / 1000} s (JOB_RESULT_TTL): some will be in no backup.`);
    }
    return writeBackupFile({ ...place, library: libraryPlaceOf(settings) }, path, signal);
  });
  note(`${keys} keys and ${blobs} blobs, ${bytesText(bytes)}, in ${Math.round(performance.now() - startedMs)} ms`);
  result(path);
}

/** Also what a killed backup left behind. */
async function removeOld(folder: string, keep: number): Promise<void> {
  const names = (await readdir(folder)).sort().reverse();
  const old = names.filter((name) => NAME.test(name)).slice(keep);
  const unfinished = names.filter((name) => name.endsWith(UNFINISHED) && NAME.test(name.slice(0, -UNFINISHED.length)));
  for (const name of [...old, ...unfinished]) await rm(join(folder, name), { force: true });
}
