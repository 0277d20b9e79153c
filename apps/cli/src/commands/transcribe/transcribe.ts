import type { Stats } from 'node:fs';
import type { Connection, StartService } from '../../connection/connection.ts';
import { reasonOf } from '../../connection/refusal.ts';
import { withConnection } from '../../connection/with-connection.ts';
import { EXIT, type ExitCode } from '../../exit-codes.ts';
import { type RequestFlags, requestOf } from '../../options/request.ts';
import { isAddress, nameOfAddress } from '../../recordings/address.ts';
import { mustBeReadable } from '../../recordings/readable.ts';
import { mustSuitStdout, resultPath, writeResult } from '../../recordings/result-file.ts';
import { type RecordingOptions, transcribeRecording } from '../../recordings/transcribe-recording.ts';
import { note, result, survivesClosedOutput } from '../../terminal/output.ts';

export interface TranscribeOptions extends RequestFlags {
  /** Where none runs and none is named; null: there must be one. */
  startService: StartService | null;
  quiet?: boolean;
}

/** Prints the transcripts of `files`, one after the other. One that fails does not keep the others from being tried. */
export async function transcribe(files: readonly string[], options: TranscribeOptions): Promise<ExitCode> {
  survivesClosedOutput();
  if (options.output === undefined) mustSuitStdout(options.format);
  await mustBeReadable(
    files.filter((file) => !isAddress(file)),
    unlessFile,
  );
  return withConnection(options, EXIT.interrupted, (connection, signal) =>
    transcribeAll(files, connection, options, signal),
  );
}

async function transcribeAll(
  files: readonly string[],
  connection: Connection,
  options: TranscribeOptions,
  signal: AbortSignal,
): Promise<ExitCode> {
  const recording: RecordingOptions = {
    request: requestOf(options),
    format: options.format,
    granularity: options.words ? 'word' : 'segment',
    isQuiet: options.quiet ?? false,
    signal,
  };
  let failed = 0;
  for (const file of files) {
    try {
      const source = isAddress(file) ? new URL(file) : file;
      await deliver(await transcribeRecording(connection, source, recording), file, options);
    } catch (error) {
      signal.throwIfAborted();
      note(`${file}: ${reasonOf(error)}`);
      failed += 1;
    }
  }
  return failed === 0 ? EXIT.ok : EXIT.failed;
}

async function deliver(body: string | Uint8Array, file: string, { output, format }: TranscribeOptions): Promise<void> {
  if (output === undefined) {
    result(body);
    return;
  }
  const path = resultPath(isAddress(file) ? nameOfAddress(new URL(file)) : file, output, format);
  await writeResult(path, body);
  note(`${file} -> ${path}`);
}

function unlessFile(about: Stats): string | null {
  if (about.isFile()) return null;
  return about.isDirectory() ? 'is a folder; sotto batch takes folders' : 'is not a file';
}
