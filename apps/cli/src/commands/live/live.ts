import type { LiveTranscription, LiveOptions as SessionOptions } from '@sotto/client';
import { WebSocket } from 'ws';
import type { Connection, StartService } from '../../connection/connection.ts';
import { reasonOf } from '../../connection/refusal.ts';
import { withConnection } from '../../connection/with-connection.ts';
import { CommandError, EXIT, type ExitCode } from '../../exit-codes.ts';
import type { ServiceOptions } from '../../options/service.ts';
import { mustBeReadable } from '../../recordings/readable.ts';
import { note, survivesClosedOutput } from '../../terminal/output.ts';
import { jsonPrinter, linePrinter, type Printer, terminalPrinter } from './printer.ts';
import { type Format, microphone, recording, type Source, standardInput } from './source.ts';

export interface LiveOptions extends ServiceOptions {
  /** Where none runs and none is named; null: there must be one. */
  startService: StartService | null;
  device?: string;
  encoding: Format['encoding'];
  rate: string;
  language?: SessionOptions['language'];
  model?: string;
  prompt?: string;
  keyterm?: string[];
  silence?: number;
  finalPass?: boolean;
  diarize?: boolean;
  keep?: boolean;
  keepDays?: number;
  json?: boolean;
}

const STANDARD_INPUT = '-';

/** Prints what is said. Ctrl-C ends the source, and the rest is still heard; a second one leaves at once. */
export async function live(file: string | undefined, options: LiveOptions): Promise<ExitCode> {
  survivesClosedOutput();
  if (file !== undefined && file !== STANDARD_INPUT) {
    await mustBeReadable([file], (about) => (about.isDirectory() ? 'is a folder' : null));
  }
  // The job goes on when this command is over: a service of its own would end with it.
  const connecting = finalPassOf(options) === false ? options : { ...options, startService: null };
  return withConnection(connecting, EXIT.interrupted, (connection, signal) =>
    hear(connection, sourceOf(file, options), options, { signal, isMicrophone: file === undefined }),
  );
}

async function hear(
  { client }: Connection,
  source: Source,
  options: LiveOptions,
  { signal, isMicrophone }: { signal: AbortSignal; isMicrophone: boolean },
): Promise<ExitCode> {
  const leave = new AbortController();
  const onStop = () => {
    source.stop();
    process.once('SIGINT', () => leave.abort());
  };
  signal.addEventListener('abort', onStop, { once: true });
  const printer = printerOf(options);
  // Nobody reads on.
  process.stdout.once('error', onStop);
  const session = client.live({ WebSocket, ...sessionOptions(options), format: source.format, signal: leave.signal });
  try {
    const sending = send(source, session);
    // Awaited below; what is told of the session comes first.
    sending.catch(() => leave.abort());
    let isWhole = false;
    try {
      for await (const event of session) {
        printer.show(event);
        if (event.type === 'ended') isWhole = event.reason === 'client';
        if (event.type === 'ended' && event.job_id !== null)
          note(`All of it is transcribed once more: job ${event.job_id}.`);
        if (event.type === 'ended' && !isWhole) note(`The service has ended the session: ${event.reason}.`);
      }
    } catch (error) {
      // The source is the reason then.
      if (leave.signal.aborted && !signal.aborted) await sending;
      throw error;
    } finally {
      source.stop();
    }
    await sending;
    if (signal.aborted) return isMicrophone ? EXIT.ok : EXIT.interrupted;
    return isWhole ? EXIT.ok : EXIT.failed;
  } catch (error) {
    if (error instanceof CommandError || signal.aborted) throw error;
    throw new CommandError(reasonOf(error), EXIT.failed, { cause: error });
  } finally {
    signal.removeEventListener('abort', onStop);
    process.stdout.off('error', onStop);
    printer.end();
  }
}

/** All of the source, and that it is over. */
async function send(source: Source, session: LiveTranscription): Promise<void> {
  try {
    for await (const chunk of source.samples) {
      const taken = session.send(chunk as Uint8Array);
      if (source.waits) await taken;
    }
  } catch (error) {
    // Stopped in the middle of reading.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
  session.end();
  await source.ended();
}

function sourceOf(file: string | undefined, { device, encoding, rate }: LiveOptions): Source {
  const format: Format = { encoding, sample_rate: Number(rate) as Format['sample_rate'] };
  if (file === undefined) return microphone(device);
  return file === STANDARD_INPUT ? standardInput(format) : recording(file);
}

function printerOf({ json }: LiveOptions): Printer {
  if (json) return jsonPrinter(process.stdout);
  return process.stdout.isTTY ? terminalPrinter(process.stdout) : linePrinter(process.stdout);
}

function sessionOptions(options: LiveOptions): SessionOptions {
  const { language, model, prompt, keyterm, silence } = options;
  return {
    ...(language !== undefined && { language }),
    ...(model !== undefined && { model }),
    ...(prompt !== undefined && { prompt }),
    ...(keyterm !== undefined && { keyterms: keyterm }),
    ...(silence !== undefined && { endpointing: { silence_ms: silence } }),
    final_pass: finalPassOf(options),
  };
}

/** Whoever says what is to become of the job wants one. */
function finalPassOf({ finalPass = false, diarize, keep, keepDays }: LiveOptions): SessionOptions['final_pass'] {
  const wishes = {
    ...(diarize && { diarize }),
    ...(keep && { keep }),
    ...(keepDays !== undefined && { keep_days: keepDays }),
  };
  return Object.keys(wishes).length > 0 ? wishes : finalPass && {};
}
