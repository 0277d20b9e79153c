import { constants } from 'node:fs';
import { access, mkdir, stat, writeFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { ConnectionError, type TranscribeOptions as RequestOptions, UnexpectedAnswerError } from '@sotto/client';
import { ERROR_CATALOG, type ResponseFormat, SottoError } from '@sotto/contracts';
import { CommandError, EXIT, type ExitCode } from '../exit-codes.ts';
import { readSettings } from '../settings.ts';
import { note, result, survivesClosedOutput, withLineBreak } from '../terminal/output.ts';
import { listenForStop } from '../terminal/stop-signals.ts';
import { type RecordingOptions, transcribeRecording } from '../transcribe/recording.ts';
import { findServer, type Server } from '../transcribe/server.ts';

/** Options that the service gets as they are; what the command line does not name is the service's to choose. */
const ASKED = [
  ...(['language', 'model', 'task', 'prompt', 'temperature', 'beamSize', 'bestOf', 'patience'] as const),
  ...(['lengthPenalty', 'suppressTokens', 'conditionOnPreviousText', 'hallucinationFilter', 'vad', 'cache'] as const),
] satisfies (keyof RequestOptions)[];
type Asked = Pick<RequestOptions, (typeof ASKED)[number]>;

export interface TranscribeOptions extends Asked {
  format: ResponseFormat;
  words: boolean;
  output?: string;
  server?: string;
  apiKey?: string;
  quiet: boolean;
}

const EXTENSIONS: Record<ResponseFormat, string> = {
  text: 'txt',
  json: 'json',
  verbose_json: 'json',
  srt: 'srt',
  vtt: 'vtt',
  ass: 'ass',
  tsv: 'tsv',
  csv: 'csv',
  md: 'md',
  docx: 'docx',
};

/** Errors that every further file would meet too. */
const HOPELESS = new Set<string>(['unauthorized', 'forbidden']);

/** Prints the transcripts of `files`, one after the other. One that fails does not keep the others from being tried. */
export async function transcribe(files: readonly string[], options: TranscribeOptions): Promise<ExitCode> {
  survivesClosedOutput();
  if (options.format === 'docx' && options.output === undefined && process.stdout.isTTY) {
    throw new CommandError('docx is not for a terminal: name a folder with --output, or redirect it.', EXIT.usage);
  }
  await mustBeReadable(files);
  const settings = readSettings(process.env);
  const server: { current: Server | null } = { current: null };
  const stop = listenForStop(() => server.current?.kill());
  try {
    const apiKey = options.apiKey ?? settings.apiKey;
    server.current = await findServer(options.server ?? null, { ...settings, apiKey }, stop.signal);
    return await transcribeAll(files, server.current, options, stop.signal);
  } catch (error) {
    if (stop.signal.aborted) return EXIT.interrupted;
    throw error;
  } finally {
    await server.current?.stop();
    stop.release();
  }
}

async function transcribeAll(
  files: readonly string[],
  { client }: Server,
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
      await deliver(await transcribeRecording(client, file, recording), file, options);
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
  await mkdir(output, { recursive: true });
  const path = join(output, `${parse(file).name}.${EXTENSIONS[format]}`);
  await writeFile(path, typeof body === 'string' ? withLineBreak(body) : body);
  note(`${file} -> ${path}`);
}

function requestOf(options: TranscribeOptions): RequestOptions {
  const named = ASKED.map((name) => [name, options[name]]).filter(([, value]) => value !== undefined);
  return { ...(Object.fromEntries(named) as Asked), ...(options.words && { timestampGranularity: 'word' as const }) };
}

/** What the service says of one recording; a service that is gone or refuses everything ends the command. */
function reasonOf(error: unknown): string {
  if (error instanceof ConnectionError || error instanceof UnexpectedAnswerError) {
    throw new CommandError(error.message, EXIT.unreachable, { cause: error });
  }
  if (!(error instanceof SottoError)) throw error;
  const text = `${ERROR_CATALOG[error.code].message} ${error.detail}`;
  if (HOPELESS.has(error.code)) throw new CommandError(text, EXIT.unreachable, { cause: error });
  return text;
}

/** Before anything is sent or started: a slip of the pen in the third name should not cost an hour. */
async function mustBeReadable(files: readonly string[]): Promise<void> {
  const problems: string[] = [];
  for (const file of files) {
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
