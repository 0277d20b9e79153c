import { join } from 'node:path';
import { ffmpeg, readWav, SAMPLE_RATE } from '@sotto/testkit';

/** Samples between -1 and 1, 16 kHz. */
export type Sound = Float32Array;

const FRAME_SAMPLES = 0.02 * SAMPLE_RATE;
/** Frames this far below the loudest are pauses. */
const PAUSE_DB = 30;

export async function soundOf(path: string, folder: string, name: string): Promise<Sound> {
  const wav = join(folder, `${name}.wav`);
  await ffmpeg('-i', path, '-ar', String(SAMPLE_RATE), '-ac', '1', '-c:a', 'pcm_s16le', wav);
  return toSound(await readWav(wav));
}

export const toSound = (samples: Int16Array): Sound => Float32Array.from(samples, (sample) => sample / 32_768);

export const toSamples = (sound: Sound): Int16Array =>
  Int16Array.from(sound, (sample) => Math.round(Math.max(-1, Math.min(32_767 / 32_768, sample)) * 32_768));

export const silence = (seconds: number): Sound => new Float32Array(Math.round(seconds * SAMPLE_RATE));

export function joined(sounds: readonly Sound[]): Sound {
  const whole = new Float32Array(sounds.reduce((length, sound) => length + sound.length, 0));
  let at = 0;
  for (const sound of sounds) {
    whole.set(sound, at);
    at += sound.length;
  }
  return whole;
}

/** Mean level of speech, pauses left out, in dB below full scale. */
export function speechDb(sound: Sound): number {
  const powers: number[] = [];
  for (let from = 0; from + FRAME_SAMPLES <= sound.length; from += FRAME_SAMPLES) {
    powers.push(power(sound.subarray(from, from + FRAME_SAMPLES)));
  }
  const least = powers.reduce((most, one) => Math.max(most, one), 0) * 10 ** (-PAUSE_DB / 10);
  const spoken = powers.filter((one) => one >= least);
  return 10 * Math.log10(spoken.reduce((sum, one) => sum + one, 0) / spoken.length);
}

export const soundDb = (sound: Sound): number => 10 * Math.log10(power(sound));

export const louder = (sound: Sound, db: number): Sound => sound.map((sample) => sample * 10 ** (db / 20));

export const mix = (a: Sound, b: Sound): Sound => a.map((sample, at) => sample + (b[at % b.length] ?? 0));

const power = (sound: Sound): number => sound.reduce((sum, sample) => sum + sample ** 2, 0) / sound.length;
