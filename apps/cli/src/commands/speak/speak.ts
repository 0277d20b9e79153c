import type { SottoClient, SpeakOptions, SpeechInput } from '@sotto/client';
import type { TextFormat } from '@sotto/contracts';
import type { StartService } from '../../connection/connection.ts';
import { reasonOf } from '../../connection/refusal.ts';
import { withConnection } from '../../connection/with-connection.ts';
import { CommandError, EXIT, type ExitCode } from '../../exit-codes.ts';
import type { ServiceOptions } from '../../options/service.ts';
import { deliverSound, type SoundFlags, soundFormatOf } from '../../recordings/sound-file.ts';
import { note, survivesClosedOutput } from '../../terminal/output.ts';
import { spokenOf } from './spoken.ts';

export interface SpeakFlags extends ServiceOptions, SoundFlags {
  /** Where none runs and none is named; null: there must be one. */
  startService: StartService | null;
  /** Instead of a file. */
  text?: string;
  voice?: string;
  language?: string;
  dictionary?: string;
  speed?: number;
  markup?: TextFormat;
}

/** Speaks a file, words, or standard input, into a file, or to standard output while it is made. */
export async function speak(argument: string | undefined, flags: SpeakFlags): Promise<ExitCode> {
  survivesClosedOutput();
  const format = soundFormatOf(flags);
  const { text, name, textFormat } = await spokenOf(argument, flags.text);
  const options: SpeakOptions = {
    voice: flags.voice,
    language: flags.language,
    dictionary: flags.dictionary,
    speed: flags.speed,
    textFormat: flags.markup ?? textFormat,
    responseFormat: format,
    name,
  };
  return withConnection(flags, EXIT.interrupted, async ({ client }, signal) => {
    try {
      await deliverSound(await soundOf(client, text, options, flags, signal), flags);
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
