import type { Stats } from 'node:fs';
import { basename, extname } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import type { SottoClient, SpeakOptions, SpeechInput } from '@sotto/client';
import { fileSource } from '@sotto/client/node';
import { SPEECH_FORMATS, type SpeechFormat, type TextFormat } from '@sotto/contracts';
import type { StartService } from '../../connection/connection.ts';
import { reasonOf } from '../../connection/refusal.ts';
import { withConnection } from '../../connection/with-connection.ts';
import { CommandError, EXIT, type ExitCode } from '../../exit-codes.ts';
import type { ServiceOptions } from '../../options/service.ts';
import { mustBeReadable } from '../../recordings/readable.ts';
import { writeResult } from '../../recordings/result-file.ts';
import { note, survivesClosedOutput } from '../../terminal/output.ts';

export interface SpeakFlags extends ServiceOptions {
  /** Where none runs and none is named; null: there must be one. */
  startService: StartService | null;
  output?: string;
  format?: SpeechFormat;
  voice?: string;
  language?: string;
  speed?: number;
  markup?: TextFormat;
}

const EXTENSIONS: Readonly<Record<string, SpeechFormat>> = { ogg: 'opus', m4a: 'm4b', raw: 'pcm' };

/** Speaks a file, or standard input, into a file, or to standard output while it is made. */
export async function speak(file: string | undefined, flags: SpeakFlags): Promise<ExitCode> {
  survivesClosedOutput();
  const format = flags.format ?? formatOf(flags.output) ?? 'mp3';
  if (flags.output === undefined && process.stdout.isTTY) {
    throw new CommandError('Sound cannot be shown in a terminal: redirect it, or name a file with -o.', EXIT.usage);
  }
  const isPiped = file === undefined || file === '-';
  if (!isPiped) await mustBeReadable([file], unlessFile);
  const text = isPiped ? await textOf(process.stdin) : await fileSource(file);
  const options: SpeakOptions = {
    voice: flags.voice,
    language: flags.language,
    speed: flags.speed,
    textFormat: flags.markup ?? (!isPiped && extname(file).toLowerCase() === '.xml' ? 'ssml' : undefined),
    responseFormat: format,
    name: isPiped ? undefined : basename(file),
  };
  return withConnection(flags, EXIT.interrupted, async ({ client }, signal) => {
    try {
      await deliver(await soundOf(client, text, options, flags, signal), flags.output);
      return EXIT.ok;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof CommandError) throw error;
      note(reasonOf(error));
      return EXIT.failed;
    }
  });
}

/** The header of a WAV file tells its length, which is known when all of it is spoken. */
async function soundOf(
  client: SottoClient,
  text: SpeechInput,
  options: SpeakOptions,
  { output }: SpeakFlags,
  signal: AbortSignal,
): Promise<AsyncIterable<Uint8Array>> {
  if (options.responseFormat !== 'wav' || output === undefined) {
    return (await client.speech.speak(text, options, { signal })).body;
  }
  const { job_id: jobId } = await client.speech.submit(text, options, { signal });
  await client.wait(jobId, { signal }).catch(async (error: unknown) => {
    if (signal.aborted) await client.cancel(jobId).catch(() => {});
    throw error;
  });
  return (await client.speech.sound(jobId, 'wav', { signal })).body;
}

async function deliver(sound: AsyncIterable<Uint8Array>, output: string | undefined): Promise<void> {
  if (output !== undefined) {
    await writeResult(output, sound);
    note(output);
    return;
  }
  for await (const bytes of sound) {
    if (process.stdout.destroyed) return;
    await new Promise((resolve) => process.stdout.write(bytes, resolve));
  }
}

/** undefined: none is named. @throws CommandError for a name that tells of no format */
function formatOf(output: string | undefined): SpeechFormat | undefined {
  if (output === undefined) return undefined;
  const extension = extname(output).slice(1).toLowerCase();
  const format = EXTENSIONS[extension] ?? SPEECH_FORMATS.find((known) => known === extension);
  if (format !== undefined) return format;
  throw new CommandError(
    `${output}: its name tells no format of ${SPEECH_FORMATS.join(', ')}; use --format.`,
    EXIT.usage,
  );
}

function unlessFile(about: Stats): string | null {
  return about.isFile() ? null : 'is not a file';
}
