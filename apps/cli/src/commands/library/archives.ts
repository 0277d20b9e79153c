import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { withClient } from '../../connection/with-connection.ts';
import { CommandError, EXIT, type ExitCode } from '../../exit-codes.ts';
import type { ServiceOptions } from '../../options/service.ts';
import { bytesText, note, result } from '../../terminal/output.ts';

const UNFINISHED = '.unfinished';

/** A file that is there as a whole or not at all. Only its owner can read it. */
export function exportLibrary(path: string, options: ServiceOptions): Promise<ExitCode> {
  return withClient(options, async (client, signal) => {
    const temporary = `${path}${UNFINISHED}`;
    try {
      const archive = await client.library.export({ signal });
      const file = createWriteStream(temporary, { mode: 0o600 });
      await pipeline(Readable.fromWeb(archive as ReadableStream), file, { signal });
      await rename(temporary, path);
      note(`${bytesText(file.bytesWritten)} written.`);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    result(path);
    return EXIT.ok;
  });
}

export function importLibrary(path: string, options: ServiceOptions): Promise<ExitCode> {
  return withClient(options, async (client, signal) => {
    const file = await open(path).catch((cause: unknown) => {
      throw new CommandError(`${path} cannot be read.`, EXIT.unreadable, { cause });
    });
    try {
      const archive = file.readableWebStream({ type: 'bytes' }) as globalThis.ReadableStream<Uint8Array>;
      const { imported, skipped, failed } = await client.library.import(archive, { signal });
      for (const { entry, detail } of failed) note(`${entry}: ${detail}`);
      note(`${imported} imported, ${skipped} were there already, ${failed.length} cannot be used.`);
      return failed.length === 0 ? EXIT.ok : EXIT.failed;
    } finally {
      await file.close();
    }
  });
}
