import { type ChildProcessByStdio, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import { SottoError, type SpeechFormat } from '@sotto/contracts';
import { findFfmpeg } from '@sotto/ffmpeg';
import { invalidParameter } from '../http/invalid-parameter.ts';
import { SOUND_FORMATS } from './formats.ts';
import { ffmetadataOf, type SoundTags } from './tags.ts';

/** Of this process; each takes a few per cent of a core while its client listens. */
const MOST_ENCODERS = 256;
const RETRY_AFTER_SECONDS = 5;
const LIST_BYTES = 2 ** 20;
const LIST_TIMEOUT_MS = 10_000;
const STDERR_BYTES = 4096;

type Ffmpeg = ChildProcessByStdio<Writable, Readable, Readable>;

/**
 * Starts ffmpeg to encode what the service itself has made, with fixed arguments. Of what a client sent, only titles reach it:
 * as text on a pipe of their own.
 */
export class Encoders {
  readonly #searchPath: string;
  #found: Promise<{ path: string; encoders: Set<string> }> | null = null;
  #open = 0;

  constructor(searchPath: string) {
    this.#searchPath = searchPath;
  }

  /** @throws SottoError `invalid_parameter` for a format that this ffmpeg has no encoder for */
  async mustHave(format: SpeechFormat, field = 'response_format'): Promise<void> {
    const { encoder } = SOUND_FORMATS[format];
    if (encoder === null || (await this.#find()).encoders.has(encoder)) return;
    throw invalidParameter(field, `cannot be ${format} here: the ffmpeg of this service has no ${encoder}`);
  }

  /**
   * @param tags of the file; null: nobody knows them yet
   * @throws SottoError `service_full` when too many are open
   */
  async open(format: SpeechFormat, sampleRateHz: number, tags: SoundTags | null = null): Promise<Encoder> {
    const { path } = await this.#find();
    if (this.#open >= MOST_ENCODERS) {
      throw new SottoError('service_full', `${this.#open} sounds are being encoded.`, {
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      });
    }
    this.#open += 1;
    const args = argumentsOf(format, sampleRateHz, tags !== null);
    const ffmpeg = spawn(path, args, { stdio: ['pipe', 'pipe', 'pipe', 'pipe'], env: {} }) as Ffmpeg;
    (ffmpeg.stdio[3] as Writable).on('error', () => {}).end(tags === null ? '' : ffmetadataOf(tags));
    ffmpeg.once('close', () => {
      this.#open -= 1;
    });
    return new Encoder(ffmpeg, sampleRateHz);
  }

  async #find() {
    this.#found ??= lookFor(this.#searchPath).catch((error: unknown) => {
      this.#found = null;
      throw error;
    });
    return this.#found;
  }
}

/** One sound on its way through ffmpeg. open -> ended (all of it has been read) | killed. */
export class Encoder {
  readonly sampleRateHz: number;
  readonly #ffmpeg: Ffmpeg;
  readonly #ended: Promise<number | null>;
  #stderr = '';

  constructor(ffmpeg: Ffmpeg, sampleRateHz: number) {
    this.#ffmpeg = ffmpeg;
    this.sampleRateHz = sampleRateHz;
    ffmpeg.stdin.on('error', () => {});
    ffmpeg.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-STDERR_BYTES);
    });
    this.#ended = new Promise((resolve) => {
      ffmpeg.once('error', () => resolve(null));
      ffmpeg.once('close', (code) => resolve(code));
    });
  }

  /** Feeds it what `sound` yields, and yields what comes out. @throws what `sound` throws; SottoError `internal_error` */
  async *encode(sound: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let failure: { reason: unknown } | null = null;
    const fed = this.#feed(sound).catch((reason: unknown) => {
      failure = { reason };
      this.kill();
    });
    try {
      for await (const bytes of this.#ffmpeg.stdout as AsyncIterable<Buffer>) yield bytes;
      await fed;
      if (failure !== null) throw (failure as { reason: unknown }).reason;
      if ((await this.#ended) !== 0) throw this.#failed();
    } finally {
      this.kill();
    }
  }

  kill(): void {
    if (this.#ffmpeg.exitCode === null) this.#ffmpeg.kill('SIGKILL');
  }

  async #feed(sound: AsyncIterable<Uint8Array>): Promise<void> {
    const { stdin } = this.#ffmpeg;
    for await (const bytes of sound) {
      if (!stdin.writable) return;
      if (!stdin.write(bytes)) await Promise.race([once(stdin, 'drain'), this.#ended]);
    }
    stdin.end();
  }

  #failed(): SottoError {
    return new SottoError('internal_error', 'The sound could not be encoded.', { cause: new Error(this.#stderr) });
  }
}

async function lookFor(searchPath: string): Promise<{ path: string; encoders: Set<string> }> {
  const path = await findFfmpeg(searchPath);
  const limits = { maxBuffer: LIST_BYTES, timeout: LIST_TIMEOUT_MS, env: {} };
  const { stdout } = await promisify(execFile)(path, ['-hide_banner', '-encoders'], limits);
  const names = [...stdout.matchAll(/^ A\S{5} (\S+)/gm)].flatMap(([, name]) => name ?? []);
  return { path, encoders: new Set(names) };
}

const TAGS = '-f ffmetadata -i pipe:3 -map 0:a -map_metadata 1 -map_chapters 1'.split(' ');

/** Without the two limits on probing, ffmpeg writes nothing before its input ends. */
function argumentsOf(format: SpeechFormat, sampleRateHz: number, hasTags: boolean): string[] {
  const usual = '-hide_banner -nostdin -nostats -loglevel error -threads 1 -protocol_whitelist pipe';
  const input = `-probesize 32 -analyzeduration 0 -f s16le -ar ${sampleRateHz} -ac 1 -i pipe:0`;
  return [
    ...usual.split(' '),
    ...input.split(' '),
    ...(hasTags ? TAGS : []),
    ...(SOUND_FORMATS[format].ffmpeg ?? []),
    '-flush_packets',
    '1',
    'pipe:1',
  ];
}
