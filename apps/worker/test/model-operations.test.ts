import { copyFile, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type WireModelOperation, wireModelOperationListSchema, wireModelOperationSchema } from '@sotto/contracts';
import { nanoModelDir, type Service, speak, startService, temporaryFolder, waitFor } from '@sotto/testkit';
import { CATALOG } from '@sotto/whisper';

jest.setTimeout(180_000);

/** The other tests may keep every core busy. */
const WAIT_MS = 90_000;
const TEXT = 'one two three';
const SMALL_BYTES = CATALOG.find(({ name }) => name === 'small')?.bytes ?? 0;
const FIRST_PART = Buffer.alloc(200_000, 7);

let service: Service;
let folder: string;
let mirror: Server;
/** Ends what the mirror has begun to send. */
let breakOff: () => void = () => {};

beforeAll(async () => {
  folder = await temporaryFolder('models');
  // sotto-nano under another name, which is not the official file of that name.
  await copyFile(join(await nanoModelDir(), 'ggml-sotto-nano.bin'), join(folder, 'ggml-tiny.bin'));
  mirror = createServer((request, response) => {
    if (request.url !== '/ggml-small.bin') return void response.writeHead(404).end();
    response.writeHead(200, { 'content-length': SMALL_BYTES }).write(FIRST_PART);
    breakOff = () => response.destroy();
  });
  await new Promise<void>((resolve) => mirror.listen(0, '127.0.0.1', resolve));
  const workerEnv = { MODEL_BASE_URL: `http://127.0.0.1:${(mirror.address() as AddressInfo).port}/` };
  service = await startService({ modelDir: folder, model: 'tiny', workers: 2, workerEnv });
});
afterAll(async () => {
  await service?.close();
  mirror?.closeAllConnections();
  mirror?.close();
  await rm(folder, { recursive: true, force: true });
});

async function ask(method: string, path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(service.url + path, { method });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

async function begun(method: string, path: string): Promise<WireModelOperation> {
  const { status, body } = await ask(method, `/admin/models${path}`);
  expect({ status, body }).toMatchObject({ status: 202 });
  return wireModelOperationSchema.parse(body);
}

async function seen({ id }: WireModelOperation): Promise<WireModelOperation | undefined> {
  const { body } = await ask('GET', '/admin/model-operations');
  return wireModelOperationListSchema.parse(body).operations.find((operation) => operation.id === id);
}

const ended = (operation: WireModelOperation): Promise<WireModelOperation> =>
  waitFor(
    async () => {
      const now = await seen(operation);
      return now === undefined || now.status === 'running' ? null : now;
    },
    { what: `the end of ${operation.kind} ${operation.model}`, timeoutMs: WAIT_MS },
  );

const detailsOf = ({ workers }: WireModelOperation) => workers.map(({ detail }) => detail).sort();
const isThere = (name: string) => stat(join(folder, `ggml-${name}.bin`)).then(Boolean, () => false);

describe('models of a running service, over HTTP', () => {
  it('are installed by the workers, once for all that share a folder', async () => {
    const done = await ended(await begun('POST', '/sotto-nano/install'));
    expect(done).toMatchObject({ kind: 'install', model: 'sotto-nano', status: 'completed' });
    expect(detailsOf(done)).toEqual(['It was installed (bundled).', 'It was there.']);
    await waitFor(
      async () => {
        const { models } = (await (await fetch(`${service.url}/models`)).json()) as { models: { name: string }[] };
        return models.some((model) => model.name === 'sotto-nano' && 'installed' in model && model.installed);
      },
      { what: 'sotto-nano to be listed', timeoutMs: WAIT_MS },
    );
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(await readFile((await speak(TEXT)).path))]), 'talk.wav');
    form.append('model', 'sotto-nano');
    const answer = await fetch(`${service.url}/transcribe`, { method: 'POST', body: form });
    expect(await answer.json()).toMatchObject({ text: TEXT, model: 'sotto-nano' });
  });

  it('are verified: a file that is not the official one fails', async () => {
    const whole = await ended(await begun('POST', '/sotto-nano/verify'));
    expect(whole.status).toBe('completed');
    for (const detail of detailsOf(whole)) expect(detail).toMatch(/^It is whole, .* SHA-256: [0-9a-f]{64}$/);
    const other = await ended(await begun('POST', '/tiny/verify'));
    expect(other.status).toBe('failed');
    for (const detail of detailsOf(other)) expect(detail).toMatch(/^It is not the official file of this name\./);
  });

  it('are removed, but not while they are in use', async () => {
    expect(await ask('DELETE', '/admin/models/tiny')).toMatchObject({ status: 409, body: { error: 'model_in_use' } });
    await ask('POST', '/admin/models/sotto-nano/preload');
    expect(await ask('DELETE', '/admin/models/sotto-nano')).toMatchObject({
      status: 409,
      body: { error: 'model_in_use' },
    });
    await ask('DELETE', '/admin/models/sotto-nano/preload');
    const done = await ended(await begun('DELETE', '/sotto-nano'));
    expect(done.status).toBe('completed');
    expect(detailsOf(done)).toEqual(['It was not there.', 'It was removed.']);
    expect([await isThere('sotto-nano'), await isThere('tiny')]).toEqual([false, true]);
  });

  it('show how far their download is, and why it failed', async () => {
    const operation = await begun('POST', '/small/install');
    const under = await waitFor(
      async () => {
        const { workers = [] } = (await seen(operation)) ?? {};
        return workers.find(({ phase, received_bytes: received }) => phase === 'downloading' && received);
      },
      { what: 'the download to be under way', timeoutMs: WAIT_MS },
    );
    expect(under).toMatchObject({ status: 'running', total_bytes: SMALL_BYTES });
    expect(under.received_bytes).toBeLessThanOrEqual(FIRST_PART.length);
    mirror.removeAllListeners('request').on('request', (_request, response) => response.writeHead(404).end());
    breakOff();
    const failed = await ended(operation);
    expect(failed.status).toBe('failed');
    for (const detail of detailsOf(failed)) expect(detail).toMatch(/^small could not be installed \(mirror: /);
  });

  it('have names of the catalogue and no others', async () => {
    for (const name of ['no-such-model', '..%2F..%2Fetc%2Fpasswd', 'base%00', 'x'.repeat(300)]) {
      for (const [method, path] of [
        ['POST', 'install'],
        ['POST', 'verify'],
        ['DELETE', ''],
      ] as const) {
        const { status, body } = await ask(method, `/admin/models/${name}${path === '' ? '' : `/${path}`}`);
        expect([name, method, path, status, body.error]).toEqual([name, method, path, 422, 'model_not_available']);
      }
    }
    expect(await ended(await begun('POST', '/base-q9_9/install'))).toMatchObject({ status: 'failed' });
  });
});
