import { stat } from 'node:fs/promises';
import { CommandError, EXIT, type ExitCode } from '../exit-codes.ts';
import { note, survivesClosedOutput } from '../terminal/output.ts';
import { type RequestFlags, requestOf } from '../transcribe/request.ts';
import type { Server } from '../transcribe/server.ts';
import { withServer } from '../transcribe/with-server.ts';
import { FolderWatch } from '../watch/folder-watch.ts';

export interface WatchFolderOptions extends RequestFlags {
  recursive: boolean;
  /** Seconds. */
  settle: number;
  atOnce: number;
}

/** Transcribes what is in a folder and what comes, until it is told to stop: that is its good end. */
export async function watchFolder(folder: string, options: WatchFolderOptions): Promise<ExitCode> {
  survivesClosedOutput();
  if (!(await stat(folder).catch(() => null))?.isDirectory()) {
    throw new CommandError(`${folder} is not a folder.`, EXIT.unreadable);
  }
  await withServer(options, undefined, async (server, signal) => {
    note(`Watching ${folder}. Ctrl-C ends it.`);
    await watchOf(folder, options, server, signal).run();
  });
  note('Stopped.');
  return EXIT.ok;
}

function watchOf(folder: string, options: WatchFolderOptions, server: Server, signal: AbortSignal): FolderWatch {
  return new FolderWatch(server, {
    ...{ folder, output: options.output ?? null, format: options.format, isRecursive: options.recursive },
    ...{ settleMs: options.settle * 1000, atOnce: options.atOnce },
    recording: {
      ...{ request: requestOf(options), format: options.format, granularity: options.words ? 'word' : 'segment' },
      // Bars of several recordings would write over one another; and a job left behind is joined by the next start.
      ...{ isQuiet: true, leavesJob: true, signal },
    },
  });
}
