import type { DubOptions, SottoClient } from '@sotto/client';
import type { StartService } from '../../connection/connection.ts';
import { reasonOf } from '../../connection/refusal.ts';
import { withClient, withConnection } from '../../connection/with-connection.ts';
import { CommandError, EXIT, type ExitCode } from '../../exit-codes.ts';
import { type Asked, requestOf } from '../../options/request.ts';
import type { ServiceOptions } from '../../options/service.ts';
import { isAddress } from '../../recordings/address.ts';
import { mustBeReadable, unlessFile } from '../../recordings/readable.ts';
import { deliverSound, type SoundFlags, soundFormatOf } from '../../recordings/sound-file.ts';
import { transcribedJob } from '../../recordings/transcribe-recording.ts';
import { note, survivesClosedOutput } from '../../terminal/output.ts';
import { ProgressBar } from '../../terminal/progress-bar.ts';

export interface DubFlags extends ServiceOptions, SoundFlags, Omit<Asked, 'language'> {
  /** Where none runs and none is named; null: there must be one. */
  startService: StartService | null;
  voice?: string;
  /** Voices of speakers. */
  cast?: Record<string, string>;
  /** That is spoken. */
  language?: string;
  quiet?: boolean;
}

const JOB_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Dubs a recording, which is transcribed first, or what a job has transcribed. */
export async function dub(source: string, flags: DubFlags): Promise<ExitCode> {
  survivesClosedOutput();
  const options: DubOptions = {
    voice: flags.voice,
    voices: flags.cast,
    language: flags.language,
    responseFormat: soundFormatOf(flags),
  };
  if (JOB_ID.test(source)) {
    return withClient(flags, async (client, signal) => {
      await dubJob(client, source, options, flags, signal);
      return EXIT.ok;
    });
  }
  return dubRecording(source, options, flags);
}

async function dubRecording(source: string, options: DubOptions, flags: DubFlags): Promise<ExitCode> {
  if (!isAddress(source)) await mustBeReadable([source], unlessFile);
  return withConnection(flags, EXIT.interrupted, async (connection, signal) => {
    try {
      const recording = isAddress(source) ? new URL(source) : source;
      const { language: _, ...asked } = flags;
      const job = { request: requestOf(asked), isQuiet: flags.quiet ?? false, signal };
      const jobId = await transcribedJob(connection, recording, job);
      await dubJob(connection.client, jobId, options, flags, signal);
      return EXIT.ok;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof CommandError) throw error;
      note(`${source}: ${reasonOf(error)}`);
      return EXIT.failed;
    }
  });
}

/** An interrupt cancels the job over there too. @throws SottoError of the service, ConnectionError, CommandError */
async function dubJob(
  client: SottoClient,
  transcriptOf: string,
  options: DubOptions,
  flags: DubFlags,
  signal: AbortSignal,
): Promise<void> {
  const bar = flags.quiet === true ? null : new ProgressBar('dubbing');
  try {
    bar?.show(0, 'waiting');
    const { job_id: jobId } = await client.speech.dub(transcriptOf, options, { signal });
    try {
      await client.wait(jobId, {
        signal,
        onEvent: (event) => event.type === 'progress' && bar?.show(event.progress / 100, event.stage),
      });
      bar?.show(1, 'done');
    } catch (error) {
      if (signal.aborted) await client.cancel(jobId).catch(() => {});
      throw error;
    }
    const { warnings = [] } = await client.status(jobId, { signal });
    bar?.end();
    for (const { detail } of warnings) note(detail);
    const { body } = await client.speech.sound(jobId, options.responseFormat ?? 'mp3', { signal });
    await deliverSound(body, flags);
  } finally {
    bar?.end();
  }
}
