import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { concat, mustRun, pause, REPOSITORY, readWav, SAMPLE_RATE, temporaryFolder, writeWav } from '@sotto/testkit';

export interface Recording {
  path: string;
  samples: Int16Array;
  seconds: number;
  what: string;
}

const TALK = join(REPOSITORY, '../shared/data/ted_60.m4a');
const JFK = join(REPOSITORY, 'packages/whisper/node_modules/nodejs-whisper/cpp/whisper.cpp/samples/jfk.mp3');

/** Real speech of any length: a minute of a talk when it lies beside the checkout, else the sample whisper.cpp ships; repeated. */
export async function realSpeech(seconds: number): Promise<Recording> {
  const source = existsSync(TALK) ? TALK : JFK;
  const folder = await temporaryFolder('bench');
  const decoded = join(folder, 'source.wav');
  await mustRun('ffmpeg', [
    '-v',
    'error',
    '-i',
    source,
    '-ar',
    String(SAMPLE_RATE),
    '-ac',
    '1',
    '-c:a',
    'pcm_s16le',
    decoded,
  ]);
  const once = concat(await readWav(decoded), pause(500));
  const copies = Math.ceil((seconds * SAMPLE_RATE) / once.length);
  const samples = concat(...Array.from({ length: copies }, () => once)).slice(0, seconds * SAMPLE_RATE);
  const path = join(folder, `speech-${seconds}.wav`);
  await writeWav(path, samples);
  const what = source === TALK ? 'a minute of a talk, repeated' : "whisper.cpp's jfk sample, repeated";
  return { path, samples, seconds, what };
}

/** The same recording as an mp3 beside it. */
export async function asMp3({ path }: Recording): Promise<string> {
  const mp3 = path.replace(/\.wav$/, '.mp3');
  await mustRun('ffmpeg', ['-v', 'error', '-y', '-i', path, '-b:a', '64k', mp3]);
  return mp3;
}
