import { stat } from 'node:fs/promises';
import type { Connection, StartService } from '../../connection/connection.ts';
import { withConnection } from '../../connection/with-connection.ts';
import { CommandError, EXIT, type ExitCode } from '../../exit-codes.ts';
import { type RequestFlags, requestOf } from '../../options/request.ts';
import { note, survivesClosedOutput } from '../../terminal/output.ts';
import { FolderWatch } from './folder-watch.ts';

export interface WatchFolderOptions extends RequestFlags {
  /** Where none runs and none is named; null: there must be one. */
  startService: StartService | null;
  recursive?: boolean;
  /** Seconds. */
  settle: number;
  atOnce: number;
}

/** Transcribes the recordings in a folder, and those that arrive, until it is told to stop: that is success. */
export async function watchFolder(folder: string, options: WatchFolderOptions): Promise<ExitCode> {
  survivesClosedOutput();
  if (!(await stat(folder).catch(() => null))?.isDirectory()) {
    throw new CommandError(`${folder} is not a folder.`, EXIT.unreadable);
  }
  await withConnection(options, undefined, async (connection, signal) => {
    note(`Watching ${folder}. Press Ctrl-C to stop.`);
    await watchOf(folder, options, connection, signal).run();
  });
  note('Stopped.');
  return EXIT.ok;
}

function watchOf(
  folder: string,
  options: WatchFolderOptions,
  connection: Connection,
  signal: AbortSignal,
): FolderWatch {
  return new FolderWatch(connection, {
    folder,
    output: options.output ?? null,
    format: options.format,
    isRecursive: options.recursive ?? false,
    settleMs: options.settle * 1000,
    atOnce: options.atOnce,
    recording: {
      request: requestOf(options),
      format: options.format,
      granularity: options.words ? 'word' : 'segment',
      // Bars of several recordings would write over one another; and a job left behind is joined by the next start.
      isQuiet: true,
      leavesJob: true,
      signal,
    },
  });
}
