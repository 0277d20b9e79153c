import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';
import { SottoError } from '@sotto/contracts';
import type { OnProgress } from '@sotto/model-files';
import { workPath } from './paths.ts';
import { publishModel } from './publish.ts';

export const NANO = {
  name: 'sotto-nano',
  bytes: 17_846_150,
  sha256: 'bcc500e7ef133078dbc309fa9360f3485098fb80cf1d510d83097664a92d288d',
} as const;

/** Shown wherever sotto-nano is used in place of a real model. */
export const NANO_WARNING =
  'sotto-nano is for tests and for trying out: it knows 61 words in synthetic voices and does not understand real speech.';

const ARCHIVE = fileURLToPath(new URL('../../assets/nano/ggml-sotto-nano.bin.gz', import.meta.url));

/**
 * Unpacks the bundled model to `target`, checked by SHA-256 and under its visible name only when it is whole.
 * The caller holds the model's lock.
 */
export async function unpackNano(modelDir: string, target: string, onProgress: OnProgress = () => {}): Promise<void> {
  const work = workPath(modelDir, NANO.name);
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const temporary = `${work}/unpacked.bin`;
  try {
    const sha256 = await gunzipTo(temporary, onProgress);
    if (sha256 !== NANO.sha256) {
      throw new SottoError(
        'model_load_failed',
        `The bundled ${NANO.name} has SHA-256 ${sha256}, expected ${NANO.sha256}.`,
      );
    }
    await publishModel(temporary, target, sha256);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function gunzipTo(target: string, onProgress: OnProgress): Promise<string> {
  const hash = createHash('sha256');
  let receivedBytes = 0;
  const measured = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      receivedBytes += chunk.length;
      onProgress({ model: NANO.name, phase: 'unpacking', source: 'bundled', receivedBytes, totalBytes: NANO.bytes });
      done(null, chunk);
    },
  });
  await pipeline(createReadStream(ARCHIVE), createGunzip(), measured, createWriteStream(target));
  return hash.digest('hex');
}
