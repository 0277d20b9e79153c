import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { NANO, type TestSpeech } from '@sotto/whisper';
import { sampleFor } from '../../service/sample.ts';

const run = promisify(execFile);

const WAV_HEADER_BYTES = 44;
/** Ours is 16 kHz mono already. */
const AS_WHISPER_HEARS = ['-f', 's16le', '-ac', '1', '-ar', '16000', 'pipe:1'];

/** The recording of the self-test as samples; without ffmpeg the short one that needs no decoding. */
export async function testSpeech(): Promise<TestSpeech> {
  const { path, text } = sampleFor('');
  try {
    const { stdout } = await run('ffmpeg', ['-nostdin', '-v', 'error', '-i', path, ...AS_WHISPER_HEARS], {
      encoding: 'buffer',
    });
    return { samples: samplesOf(stdout), text };
  } catch {
    const own = sampleFor(NANO.name);
    return { samples: samplesOf((await readFile(own.path)).subarray(WAV_HEADER_BYTES)), text: own.text };
  }
}

const samplesOf = (bytes: Buffer): Int16Array =>
  Int16Array.from({ length: Math.floor(bytes.length / 2) }, (_, index) => bytes.readInt16LE(2 * index));
