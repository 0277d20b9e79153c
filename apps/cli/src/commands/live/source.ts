import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { LiveOptions } from '@sotto/client';
import { CommandError, EXIT } from '../../exit-codes.ts';

export type Format = NonNullable<LiveOptions['format']>;

/** Samples from somewhere. */
export interface Source {
  format: Format;
  samples: Readable;
  /** Whether it waits when nothing is read; a microphone loses what is said then. */
  waits: boolean;
  /** Resolves when there is nothing more. @throws CommandError when it ended because something is wrong */
  ended(): Promise<void>;
  stop(): void;
}

/** What ffmpeg gives, one channel. */
const FORMAT: Format = { encoding: 'pcm_s16le', sample_rate: 16_000 };
const AS_SENT = ['-ac', '1', '-ar', '16000', '-f', 's16le', '-flush_packets', '1', 'pipe:1'];

/** ffmpeg's way to the microphone, and what it calls the usual one; null: there is none that is always there. */
const MICROPHONES: Partial<Record<NodeJS.Platform, { format: string; usual: string | null }>> = {
  linux: { format: 'alsa', usual: 'default' },
  darwin: { format: 'avfoundation', usual: ':default' },
  win32: { format: 'dshow', usual: null },
};

export function standardInput(format: Format): Source {
  const { stdin } = process;
  return { format, samples: stdin, waits: true, ended: async () => {}, stop: () => stdin.destroy() };
}

/** At the pace at which it was spoken. */
export const recording = (file: string): Source => fromFfmpeg(['-re', '-i', `file:${file}`], true);

/** @throws CommandError where it has to be named */
export function microphone(device: string | undefined): Source {
  const way = MICROPHONES[process.platform] ?? MICROPHONES.linux;
  const name = device ?? way?.usual;
  if (way === undefined || name == null) {
    throw new CommandError(
      'Name the microphone: --device "audio=NAME" (ffmpeg -list_devices true -f dshow -i x).',
      EXIT.usage,
    );
  }
  return fromFfmpeg(['-f', way.format, '-i', name], false);
}

function fromFfmpeg(input: readonly string[], waits: boolean): Source {
  const child = spawn('ffmpeg', ['-nostdin', '-v', 'error', ...input, '-vn', ...AS_SENT], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C is for us: what it has heard is still sent.
    detached: true,
  });
  let said = '';
  let isStopped = false;
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-2_000);
  });
  const closed = once(child, 'close').then(
    ([code]) => (code === 0 || isStopped ? null : `ffmpeg: ${said.trim().split('\n').at(-1) ?? code}`),
    (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT' ? 'ffmpeg is not installed; samples from standard input need none.' : error.message,
  );
  return {
    format: FORMAT,
    samples: child.stdout,
    waits,
    ended: async () => {
      const problem = await closed;
      if (problem !== null) throw new CommandError(problem, EXIT.unreadable);
    },
    stop: () => {
      isStopped = true;
      child.kill('SIGTERM');
    },
  };
}
