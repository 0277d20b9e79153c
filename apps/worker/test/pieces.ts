import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Span } from '@sotto/contracts';
import {
  concat,
  durationMsOf,
  ffmpeg,
  pause,
  REPOSITORY,
  readWav,
  realRecordings,
  seededRandom,
  speak,
} from '@sotto/testkit';

/** The recording that comes with the engine's sources. */
export const JFK = join(REPOSITORY, 'packages/whisper/node_modules/nodejs-whisper/cpp/whisper.cpp/samples/jfk.mp3');
export const KENNEDY =
  'And so, my fellow Americans, ask not what your country can do for you, ask what you can do for your country.';

export const SENTENCES = [
  'The old man walked slowly along the river and looked at the boats.',
  'Nobody knows exactly when the first people came to this island.',
  'She opened the letter, read it twice, and put it back into the drawer.',
  'The train to the city leaves every morning at half past seven.',
  'We need more time before we can answer all of these questions.',
  'In winter the mountain road is closed because of heavy snow.',
  'My brother bought a new computer and sold his old one to a friend.',
  'The doctor told him to drink more water and to sleep eight hours.',
  'They built a small house of wood and stone near the forest.',
  'After the concert everybody went home in the rain.',
  'If you want to learn a language, you have to speak it every day.',
  'The museum shows pictures that were painted three hundred years ago.',
  'He never understood why his neighbours were so proud of their garden.',
  'Last summer we travelled through four countries in only ten days.',
  'The company plans to open another office before the end of the year.',
  'Please leave your bags at the door and take a seat in the front row.',
  'Most of the birds fly south when the days become shorter.',
  'I have read this book so often that I know many pages by heart.',
  'The teacher asked the children to draw what they had dreamed.',
  'It took the engineers several months to find the reason for the accident.',
];

const SPEAKERS = [
  { voice: 'en-us', speed: 150 },
  { voice: 'en-us+f2', speed: 175 },
  { voice: 'en-gb', speed: 160 },
  { voice: 'en-us+m3', speed: 140 },
];

/** Where the speaker of ted_60.m4a pauses for a second and more, and the words that follow each pause. */
const TED_CUTS = [
  { startMs: 0, endMs: 23_100, upTo: 'things stay civil.' },
  { startMs: 23_100, endMs: 35_300, upTo: 'I would kind of do this.' },
  { startMs: 35_300, endMs: 60_000, upTo: '' },
];

export interface Piece {
  text: string;
  samples: Int16Array;
}

/** Three times ten pieces: real talk where it is at hand, and synthetic voices that speak in whole sentences. */
export async function tenPieces(folder: string): Promise<Piece[][]> {
  const real = [{ text: KENNEDY, samples: await decoded(JFK, folder) }, ...(await tedPieces(folder))];
  return Promise.all(
    [0, 1, 2].map(async (round) => {
      const own = real.filter((_, at) => at % 3 === round % 3);
      const spoken = await Promise.all(
        Array.from({ length: 10 - own.length }, async (_, i): Promise<Piece> => {
          const text = SENTENCES[(round * 7 + i) % SENTENCES.length] ?? '';
          return { text, samples: (await speak(text, SPEAKERS[(i + round) % SPEAKERS.length])).samples };
        }),
      );
      return [...spoken.slice(0, 5), ...own, ...spoken.slice(5)];
    }),
  );
}

async function tedPieces(folder: string): Promise<Piece[]> {
  const recordings = realRecordings('ted_60.m4a', 'ted_60.txt');
  if ('skipped' in recordings) return [];
  const samples = await decoded(join(recordings.value, 'ted_60.m4a'), folder);
  let rest = (await readFile(join(recordings.value, 'ted_60.txt'), 'utf8')).trim();
  return TED_CUTS.map(({ startMs, endMs, upTo }) => {
    const end = upTo === '' ? rest.length : rest.indexOf(upTo) + upTo.length;
    const text = rest.slice(0, end);
    rest = rest.slice(end);
    return { text, samples: samples.subarray(startMs * 16, endMs * 16) };
  });
}

async function decoded(path: string, folder: string): Promise<Int16Array> {
  const wav = join(folder, 'decoded.wav');
  await ffmpeg('-y', '-i', path, '-ar', '16000', '-ac', '1', wav);
  return readWav(wav);
}

/** Pieces with pauses of 1 to 20 s, short ones more often; and where they are, with 400 ms of room. */
export function withPauses(pieces: readonly Piece[]): { samples: Int16Array; spoken: Span[] } {
  const random = seededRandom(31);
  const parts: Int16Array[] = [pause(1000)];
  const spoken: Span[] = [];
  let atMs = 1000;
  for (const { samples } of pieces) {
    spoken.push({ startMs: atMs - 400, endMs: atMs + durationMsOf(samples) + 400 });
    const after = pause(Math.round(1000 * 20 ** random()));
    parts.push(samples, after);
    atMs += durationMsOf(samples) + durationMsOf(after);
  }
  return { samples: concat(...parts), spoken };
}
