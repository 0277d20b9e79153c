import { once } from 'node:events';
import { SottoError, type SpeechFormat } from '@sotto/contracts';
import type { Response } from 'express';
import { ClientGone } from '../http/client-gone.ts';
import type { Encoders } from './encoder.ts';
import { COMMENT, PCM_RATE_HZ, SOUND_FORMATS, spokenWavHeader } from './formats.ts';
import { m4bOf } from './m4b/m4b.ts';
import type { SoundChunk } from './stored-sound.ts';
import type { SoundTags } from './tags.ts';

export interface Sending {
  format: SpeechFormat;
  encoders: Encoders;
  /** Of the sound, if it is known already: then the encoder starts before there is any. */
  expectedRateHz: number;
  /** How much sound there will be, where that is known. */
  soundBytes?: number | null;
  /** Of the file, where they are known already. */
  tags?: SoundTags | null;
  /** The same, when all of the sound has been read. */
  tagsAtEnd: () => Promise<SoundTags>;
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
  { format, encoders, expectedRateHz, soundBytes = null, tags = null, tagsAtEnd }: Sending,
): AsyncGenerator<Uint8Array> {
  const open = (rateHz: number) => encoders.open(format, rateHz, tags);
  // Its start takes longer than a fast voice takes for the first piece.
  const early = isPlain(format, expectedRateHz) ? null : await open(expectedRateHz);
  try {
    const first = await sound.next();
    if (first.done === true) throw new SottoError('speech_failed', 'Nothing of the text was spoken.');
    const rateHz = first.value.sampleRateHz;
    const bytes = bytesOf(first.value, sound);
    if (isPlain(format, rateHz)) {
      if (format === 'wav') yield spokenWavHeader(rateHz, soundBytes);
      yield* bytes;
    } else {
      // The sound may have turned out to have another rate.
      const encoder = early?.sampleRateHz === rateHz ? early : await open(rateHz);
      const encoded = encoder.encode(bytes);
      if (format !== 'm4b') yield* encoded;
      else yield* m4bOf(encoded, { sampleRateHz: rateHz, comment: COMMENT, tags: tagsAtEnd });
    }
  } finally {
    early?.kill();
    await sound.return();
  }
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
