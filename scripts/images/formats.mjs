/** The sample in each format that the service takes, written by this machine's ffmpeg and sox. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SPEECH_FORMATS, writeInFormat } from '../../packages/testkit/src/speech-formats.ts';
import { repeatedSample } from './client.mjs';

/** @returns {AsyncGenerator<{ name: string, bytes: Buffer, isVocoder: boolean }>} one file after the other */
export async function* inEachFormat() {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-formats-'));
  try {
    const wav = join(folder, 'sample.wav');
    writeFileSync(wav, repeatedSample(1));
    for (const format of SPEECH_FORMATS) {
      const name = `coded.${format.extension}`;
      await writeInFormat(format, wav, join(folder, name), { withPicture: true });
      yield { name, bytes: readFileSync(join(folder, name)), isVocoder: 'isVocoder' in format };
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
