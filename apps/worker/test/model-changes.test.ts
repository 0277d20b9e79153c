/** @alone It measures how soon everybody knows of a model that came or went. */
import { appendFile, copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { nanoModelDir, type Service, speak, startService, temporaryFolder, waitFor } from '@sotto/testkit';

jest.setTimeout(120_000);

/** As docs/models.md promises, from the last byte of the file to the answer of `GET /models`. */
const KNOWN_WITHIN_MS = 2_000;
const TEXT = 'one two three';

let service: Service;
let folder: string;
let nano: Buffer;
let speech: Buffer;

beforeAll(async () => {
  folder = await temporaryFolder('models');
  nano = await readFile(join(await nanoModelDir(), 'ggml-sotto-nano.bin'));
  await writeFile(fileOf('sotto-nano'), nano);
  speech = await readFile((await speak(TEXT)).path);
  service = await startService({ modelDir: folder, workers: 2 });
});

afterAll(async () => {
  await service?.close();
  await rm(folder, { recursive: true, force: true });
});

const fileOf = (name: string): string => join(folder, `ggml-${name}.bin`);

async function installed(): Promise<string[]> {
  const { models } = (await (await fetch(`${service.url}/models`)).json()) as {
    models: { name: string; installed: boolean }[];
  };
  return models.filter((model) => model.installed).map(({ name }) => name);
}

const becomes = (names: string[]): Promise<boolean> =>
  waitFor(async () => (await installed()).join() === names.join(), {
    what: `these models: ${names.join(', ')}`,
    timeoutMs: KNOWN_WITHIN_MS,
  });

async function transcribe(model: string) {
  const form = new FormData();
  form.append('file', new Blob([new Uint8Array(speech)]), 'talk.wav');
  form.append('model', model);
  form.append('cache', 'false');
  const response = await fetch(`${service.url}/transcribe`, { method: 'POST', body: form });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

describe('a model in the folder of a running service', () => {
  it('can be asked for within two seconds, and no longer within two seconds of its removal', async () => {
    expect(await installed()).toEqual(['sotto-nano']);
    expect(await transcribe('tiny')).toMatchObject({ status: 422, body: { error: 'model_not_available' } });
    await copyFile(fileOf('sotto-nano'), fileOf('tiny'));
    await becomes(['sotto-nano', 'tiny']);
    expect(await transcribe('tiny')).toMatchObject({ status: 200, body: { text: TEXT, model: 'tiny' } });
    await rm(fileOf('tiny'));
    await becomes(['sotto-nano']);
    expect(await transcribe('tiny')).toMatchObject({
      status: 422,
      body: { error: 'model_not_available', models: ['sotto-nano'] },
    });
  });

  it('is announced when it is complete, not before', async () => {
    await writeFile(fileOf('base'), nano.subarray(0, nano.length - 1));
    // When this one is known, the incomplete one has been looked at too.
    await copyFile(fileOf('sotto-nano'), fileOf('small'));
    await becomes(['small', 'sotto-nano']);
    await appendFile(fileOf('base'), nano.subarray(nano.length - 1));
    await becomes(['base', 'small', 'sotto-nano']);
    await writeFile(fileOf('base'), nano.subarray(0, nano.length >> 1));
    await becomes(['small', 'sotto-nano']);
    await Promise.all(['base', 'small'].map((name) => rm(fileOf(name))));
    await becomes(['sotto-nano']);
  });

  it('stays known while its worker restarts, and one removed before does not come back', async () => {
    await copyFile(fileOf('sotto-nano'), fileOf('tiny'));
    await copyFile(fileOf('sotto-nano'), fileOf('base'));
    await becomes(['base', 'sotto-nano', 'tiny']);
    await rm(fileOf('base'));
    await becomes(['sotto-nano', 'tiny']);
    await Promise.all(service.workers.splice(0).map(({ process }) => process.stop()));
    expect(await installed()).toEqual(['sotto-nano', 'tiny']);
    await rm(fileOf('tiny'));
    await service.addWorker();
    await becomes(['sotto-nano']);
  });
});
