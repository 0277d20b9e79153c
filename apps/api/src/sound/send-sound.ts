import { once } from 'node:events';
import { SottoError, type SpeechFormat } from '@sotto/contracts';
import type { Response } from 'express';
import { ClientGone } from '../http/client-gone.ts';
import type { Encoder, Encoders } from './encoder.ts';
import { PCM_RATE_HZ, SOUND_FORMATS, spokenWavHeader } from './formats.ts';
import type { SoundChunk } from './stored-sound.ts';

export interface Sending {
  format: SpeechFormat;
  encoders: Encoders;
  /** Of the sound, if it is known already: then the encoder starts before there is any. */
  expectedRateHz: number;
  /** How much sound there will be, where that is known. */
  soundBytes?: number | null;
}

/** Whether sound is sent as it is. */
export const isPlain = (format: SpeechFormat, rateHz: number): boolean =>
  SOUND_FORMATS[format].ffmpeg === null || (format === 'pcm' && rateHz === PCM_RATE_HZ);

/**
 * Sound in the format of its reader. The first that it yields may take as long as the first piece takes to be spoken;
 * until then whatever goes wrong is thrown, and nothing has been sent.
 */
export async function* formatted(
  sound: AsyncGenerator<SoundChunk, void>,
  { format, encoders, expectedRateHz, soundBytes = null }: Sending,
): AsyncGenerator<Uint8Array> {
  // Its start takes longer than a fast voice takes for the first piece.
  const early = isPlain(format, expectedRateHz) ? null : await encoders.open(format, expectedRateHz);
  try {
    const first = await sound.next();
    if (first.done === true) throw new SottoError('speech_failed', 'Nothing of the text was spoken.');
    const rateHz = first.value.sampleRateHz;
    const bytes = bytesOf(first.value, sound);
    if (isPlain(format, rateHz)) {
      if (format === 'wav') yield spokenWavHeader(rateHz, soundBytes);
      yield* bytes;
    } else yield* (await encoderFor(rateHz, early, format, encoders)).encode(bytes);
  } finally {
    early?.kill();
    await sound.return();
  }
}

/** The one that was started, unless the sound turned out to have another rate. */
async function encoderFor(
  rateHz: number,
  early: Encoder | null,
  format: SpeechFormat,
  encoders: Encoders,
): Promise<Encoder> {
  return early?.sampleRateHz === rateHz ? early : encoders.open(format, rateHz);
}

async function* bytesOf(first: SoundChunk, rest: AsyncIterable<SoundChunk>): AsyncGenerator<Uint8Array> {
  yield first.bytes;
  for await (const { bytes } of rest) yield bytes;
}

/**
 * Writes, and waits until the reader can take more.
 *
 * @throws ClientGone when it has gone, or reads nothing for so long
 */
export async function writeTo(response: Response, bytes: Uint8Array | string, idleMs?: number): Promise<void> {
  if (response.destroyed) throw new ClientGone();
  if (response.write(bytes)) return;
  const idle = idleMs === undefined ? [] : [AbortSignal.timeout(idleMs)];
  const gone = new AbortController();
  const onClose = () => gone.abort();
  response.once('close', onClose);
  try {
    await once(response, 'drain', { signal: AbortSignal.any([...idle, gone.signal]) });
  } catch {
    response.destroy();
    throw new ClientGone();
  } finally {
    response.off('close', onClose);
  }
}

/** What says that nobody has spoken this. */
export const SYNTHETIC = { 'X-Synthetic-Audio': 'true' } as const;
