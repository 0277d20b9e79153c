import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import type { Connection } from '../../connection/connection.ts';
import { reasonOf } from '../../connection/refusal.ts';
import { withConnection } from '../../connection/with-connection.ts';
import { CommandError, EXIT, type ExitCode } from '../../exit-codes.ts';
import { type RequestFlags, requestOf } from '../../options/request.ts';
import { mustSuitStdout, resultPath, writeResult } from '../../recordings/result-file.ts';
import { type RecordingOptions, transcribeRecording } from '../../recordings/transcribe-recording.ts';
import { note, result, survivesClosedOutput } from '../../terminal/output.ts';

export interface TranscribeOptions extends RequestFlags {
  quiet: boolean;
}

/** Prints the transcripts of `files`, one after the other. One that fails does not keep the others from being tried. */
export async function transcribe(files: readonly string[], options: TranscribeOptions): Promise<ExitCode> {
  survivesClosedOutput();
  if (options.output === undefined) mustSuitStdout(options.format);
  await mustBeReadable(files);
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
    isQuiet: options.quiet,
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
  const path = resultPath(isAddress(file) ? decodeURIComponent(new URL(file).pathname) : file, output, format);
  await writeResult(path, body);
  note(`${file} -> ${path}`);
}

const isAddress = (file: string): boolean => /^https?:\/\//i.test(file) && URL.canParse(file);

/** Before anything is sent or started: a slip of the pen in the third name should not cost an hour. */
async function mustBeReadable(files: readonly string[]): Promise<void> {
  const problems: string[] = [];
  for (const file of files.filter((each) => !isAddress(each))) {
    const found = await stat(file).catch(() => null);
    if (found === null) problems.push(`${file}: there is no such file`);
    else if (!found.isFile()) problems.push(`${file}: is not a file`);
    else if (!(await isReadable(file))) problems.push(`${file}: may not be read`);
  }
  if (problems.length > 0) throw new CommandError(problems.join('\n'), EXIT.unreadable);
}

const isReadable = (file: string): Promise<boolean> =>
  access(file, constants.R_OK).then(
    () => true,
    () => false,
  );
