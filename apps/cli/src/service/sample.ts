import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NANO } from '@sotto/whisper';

export interface Sample {
  path: string;
  /** What is said in it. */
  text: string;
}

/** sotto-nano knows some 65 words: it gets a recording made of them. */
const FOR_NANO: Sample = {
  path: fileURLToPath(new URL('../../assets/sample-nano.wav', import.meta.url)),
  text: 'hello world one two three',
};

const JFK_TEXT =
  'And so, my fellow Americans, ask not what your country can do for you, ask what you can do for your country.';

/** The recording of the self-test: President Kennedy, as nodejs-whisper ships him, for any model that knows English. */
export function sampleFor(model: string): Sample {
  if (model === NANO.name) return FOR_NANO;
  const package_ = createRequire(import.meta.url).resolve('nodejs-whisper/package.json');
  const path = join(dirname(package_), 'cpp/whisper.cpp/samples/jfk.mp3');
  return existsSync(path) ? { path, text: JFK_TEXT } : FOR_NANO;
}
