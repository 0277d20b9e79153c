import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SAMPLE_RATE, seededRandom, speak } from '@sotto/testkit';
import { SHARED } from '../engine/material.ts';
import { SENTENCES, VOICES } from '../engine/sentences.ts';
import { louder, mix, type Sound, silence, soundOf, speechDb, toSound } from './sound.ts';

/** A noise of so many seconds, the same each time. */
export type Noise = (seconds: number, folder: string) => Promise<Sound>;

export const NOISES: Record<string, Noise> = {
  'a fan (pink noise)': async (seconds) => pink(seconds),
  'eight other voices': babble,
  'a street (made)': async (seconds) => street(seconds),
};

const TALKERS = ['meeting_trn00', 'meeting_trn02', 'meeting_trn03', 'meeting_trn05', 'meeting_trn08', 'panel_22s'];
const TALKERS_OGG = ['talk_2a', 'talk_6a'];

/** People who talk about something else, all at once and equally loud. */
async function babble(seconds: number, folder: string): Promise<Sound> {
  const files = [...TALKERS.map((name) => `${name}.flac`), ...TALKERS_OGG.map((name) => `${name}.ogg`)]
    .map((name) => join(SHARED, 'speakers', name))
    .filter((path) => existsSync(path));
  const voices =
    files.length > 0
      ? await Promise.all(files.map((path, at) => soundOf(path, folder, `babble-${at}`)))
      : await Promise.all(VOICES.flatMap((voice, at) => [voiceOf(voice, 2 * at), voiceOf(voice, 2 * at + 1)]));
  return voices.reduce(
    (sum, voice, at) => mix(sum, shifted(louder(voice, -speechDb(voice)), at * 2.4)),
    silence(seconds),
  );
}

async function voiceOf(voice: string, at: number): Promise<Sound> {
  const text = [...SENTENCES.slice(-2 * (at + 1)), ...SENTENCES].slice(0, 6).join('. ');
  return toSound((await speak(text, { voice, speed: 150 })).samples);
}

function shifted(sound: Sound, seconds: number): Sound {
  const by = Math.round(seconds * SAMPLE_RATE) % sound.length;
  return sound.map((_, at) => sound[(at + by) % sound.length] ?? 0);
}

/** 3 dB less with each octave (Paul Kellet's filter). */
function pink(seconds: number): Sound {
  const random = seededRandom(31);
  let [a, b, c] = [0, 0, 0];
  return silence(seconds).map(() => {
    const white = random() * 2 - 1;
    a = 0.99765 * a + white * 0.099046;
    b = 0.963 * b + white * 0.2965164;
    c = 0.57 * c + white * 1.0526913;
    return (a + b + c + white * 0.1848) * 0.1;
  });
}

const HUM_HERTZ = [50, 100];

/** A rumble that is always there, cars that come and go, and the hum of something electric. */
function street(seconds: number): Sound {
  const random = seededRandom(32);
  const cars: { atS: number; lengthS: number; loudness: number }[] = [];
  for (let atS = 2; atS < seconds; atS += 4 + 5 * random()) {
    cars.push({ atS, lengthS: 1 + 2 * random(), loudness: 0.4 + 0.8 * random() });
  }
  let [rumble, low, high] = [0, 0, 0];
  return silence(seconds).map((_, index) => {
    const t = index / SAMPLE_RATE;
    rumble = 0.99 * rumble + 0.05 * (random() * 2 - 1);
    const white = random() * 2 - 1;
    // What is left between two first-order low-passes: some 200 Hz to 2 kHz.
    low += 0.08 * (white - low);
    high += 0.55 * (white - high);
    const near = cars.reduce((sum, car) => sum + car.loudness * Math.exp(-(((t - car.atS) / car.lengthS) ** 2)), 0);
    const hum = HUM_HERTZ.reduce((sum, hertz) => sum + 0.03 * Math.sin(2 * Math.PI * hertz * t), 0);
    return rumble + (high - low) * near * 0.4 + hum;
  });
}
