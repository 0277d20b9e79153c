import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  concat,
  ffmpeg,
  mustRun,
  noise,
  pause,
  readWav,
  SAMPLE_RATE,
  seededRandom,
  temporaryFolder,
} from '@sotto/testkit';
import { KENNEDY, SHARED } from './material.ts';
import { SENTENCES, VOICES } from './sentences.ts';

/** A piece of the mix is so long and little longer. */
export const PIECE_SECONDS = 300;

const RECORDINGS = ['ted_60.m4a', 'jfk.wav', 'es.wav', 'multilingual.mp3', 'ja.wav', 'two_speakers_left_right.wav'];
const SENTENCES_IN_A_ROW = 8;
const MOST_NOISE = 600;

/** Real recordings where they lie beside the checkout; whisper.cpp's sample else. */
export function recordings(): string[] {
  const found = RECORDINGS.map((name) => join(SHARED, name)).filter((path) => existsSync(path));
  return found.length > 0 ? found : [KENNEDY];
}

/**
 * Piece `index` of an endless mix, the same for the same index: even ones are real recordings, each time at another tempo and
 * loudness, odd ones synthesised talk in other words, voices and speeds; under both lies more or less noise. So no two windows
 * are alike.
 */
export async function mixPiece(index: number): Promise<Int16Array> {
  const random = seededRandom(1_000 + index);
  const folder = await temporaryFolder('bench-mix');
  const parts: Int16Array[] = [];
  let length = 0;
  try {
    while (length < PIECE_SECONDS * SAMPLE_RATE) {
      const part = await (index % 2 === 0 ? real(folder, random) : synthesised(folder, random));
      const silence = pause(200 + 1_500 * random());
      parts.push(part, silence);
      length += part.length + silence.length;
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return withNoise(concat(...parts), MOST_NOISE * random() ** 2, 1_000 + index);
}

async function real(folder: string, random: () => number): Promise<Int16Array> {
  const tempo = (0.85 + 0.3 * random()).toFixed(3);
  const volume = (0.3 + 0.7 * random()).toFixed(3);
  const skipped = (4 * random()).toFixed(3);
  const wav = join(folder, 'real.wav');
  const filter = `atempo=${tempo},volume=${volume}`;
  const format = ['-ar', String(SAMPLE_RATE), '-ac', '1', '-c:a', 'pcm_s16le'];
  await ffmpeg('-ss', skipped, '-i', pick(recordings(), random), '-af', filter, ...format, wav);
  return readWav(wav);
}

async function synthesised(folder: string, random: () => number): Promise<Int16Array> {
  const text = Array.from({ length: SENTENCES_IN_A_ROW }, () => pick(SENTENCES, random)).join('. ');
  const speed = Math.round(120 + 60 * random());
  const pitch = Math.round(30 + 40 * random());
  const [raw, wav] = [join(folder, 'spoken.wav'), join(folder, 'spoken-16k.wav')];
  const voice = pick(VOICES, random);
  await mustRun('espeak-ng', ['-v', voice, '-s', String(speed), '-p', String(pitch), '-w', raw, '--', text]);
  await ffmpeg('-i', raw, '-ar', String(SAMPLE_RATE), '-ac', '1', '-c:a', 'pcm_s16le', wav);
  return readWav(wav);
}

function pick<T>(items: readonly T[], random: () => number): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}

function withNoise(samples: Int16Array, amplitude: number, seed: number): Int16Array {
  const hiss = noise((1_000 * samples.length) / SAMPLE_RATE, amplitude, seed);
  return samples.map((sample, at) => Math.max(-32_768, Math.min(32_767, sample + (hiss[at] ?? 0))));
}
