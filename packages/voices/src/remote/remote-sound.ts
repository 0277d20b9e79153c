import { RemoteFailure, readAtMost } from '@sotto/runtime';
import { MAX_PIECE_MS } from '../engine.ts';
import { readWav, samplesOf } from '../wav.ts';

export interface ExpectedSound {
  format: 'pcm' | 'wav';
  sampleRateHz: number;
}

const HEADER_BYTES = 4096;
/** What servers call samples without a header: OpenAI, Sotto, and those that do not know. */
const SOUND_TYPE = /^(audio\/|application\/octet-stream|binary\/octet-stream)/;
const PACKED_TYPE = /^audio\/(mpeg|mp3|ogg|opus|aac|mp4|flac|x-flac|webm)/;

/**
 * The samples in an answer of `POST /v1/audio/speech`. A server that is asked for samples alone may answer with a WAV file of them.
 *
 * @throws RemoteFailure `broken` when it is something else, at another rate, too long, cut in half, or nothing; what reading throws
 */
export async function readSound(response: Response, { format, sampleRateHz }: ExpectedSound): Promise<Int16Array> {
  const type = (response.headers.get('content-type') ?? '').toLowerCase();
  if ((type !== '' && !SOUND_TYPE.test(type)) || PACKED_TYPE.test(type)) {
    throw broken(`with ${/^[\w./+-]{1,60}/.exec(type)?.[0] ?? 'something else'} instead of ${format}`);
  }
  const told = /;\s*rate=(\d+)/.exec(type)?.[1];
  if (told !== undefined && Number(told) !== sampleRateHz) throw wrongRate(Number(told), sampleRateHz);
  const bytes = Buffer.from(await readAtMost(response, (MAX_PIECE_MS / 1000) * sampleRateHz * 2 + HEADER_BYTES));
  const isWav = format === 'wav' || bytes.toString('latin1', 0, 4) === 'RIFF';
  const samples = isWav ? wavSamples(bytes, sampleRateHz) : pcmSamples(bytes);
  if (samples.length === 0) throw broken('with no sound');
  return samples;
}

function wavSamples(bytes: Buffer, sampleRateHz: number): Int16Array {
  const wav = readWav(bytes);
  if (wav === null) throw broken('with something else than 16-bit mono samples in a WAV file');
  if (wav.sampleRateHz !== sampleRateHz) throw wrongRate(wav.sampleRateHz, sampleRateHz);
  return wav.samples;
}

function pcmSamples(bytes: Buffer): Int16Array {
  if (bytes.length % 2 !== 0) throw broken('with half a sample');
  return samplesOf(bytes);
}

const broken = (how: string): RemoteFailure => new RemoteFailure('broken', `The other server answered ${how}.`);
const wrongRate = (foundHz: number, expectedHz: number): RemoteFailure =>
  broken(`with sound at ${foundHz} Hz instead of ${expectedHz}`);
