import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { JSDOM, VirtualConsole } from 'jsdom';
import { SottoClient, type UploadProgress } from '../src/index.ts';
import { ACCEPTED, errorBody, formOf, json, Service } from './service.ts';

/** What a page has and Node has not: XMLHttpRequest, and a Blob that only it can send. */
let service: Service;
let client: SottoClient;
let page: JSDOM;
const own = { Blob: globalThis.Blob };
beforeEach(async () => {
  service = await Service.start();
  client = new SottoClient({ baseUrl: service.url });
  page = new JSDOM('', { url: service.url, virtualConsole: new VirtualConsole() });
  Object.assign(globalThis, { Blob: page.window.Blob, XMLHttpRequest: page.window.XMLHttpRequest });
});
afterEach(async () => {
  Object.assign(globalThis, own);
  Reflect.deleteProperty(globalThis, 'XMLHttpRequest');
  page.window.close();
  await service.close();
});

function recording(bytes: number): File {
  return new page.window.File([new Uint8Array(bytes).fill(7)], 'Aufnahme "1".wav', { type: 'audio/wav' });
}

describe('uploads of a page', () => {
  it('tell their progress and arrive whole', async () => {
    service.on('POST /transcribe', async (request, response, body) => {
      const form = await formOf(request, body);
      const file = form.get('file') as File;
      expect([file.name, file.size, form.get('language')]).toEqual(['Aufnahme "1".wav', 2_000_000, 'de']);
      expect(new Uint8Array(await file.arrayBuffer()).every((byte) => byte === 7)).toBe(true);
      json(response, 202, ACCEPTED);
    });
    const progress: UploadProgress[] = [];
    const onUploadProgress = (one: UploadProgress) => progress.push(one);
    expect(await client.submit(recording(2_000_000), { language: 'de' }, { onUploadProgress })).toEqual(ACCEPTED);
    expect(progress.at(-1)).toEqual({ sentBytes: 2_000_000, totalBytes: 2_000_000 });
  });

  it('are refused by code', async () => {
    service.on('POST /transcribe', (_request, response) =>
      json(response, 503, errorBody('service_full', 'Full.'), { 'retry-after': '3' }),
    );
    await expect(client.submit(recording(10), {}, { onUploadProgress: () => {} })).rejects.toMatchObject({
      code: 'service_full',
      retryAfterSeconds: 3,
    });
  });

  it('end when the caller gives up, before and on the way', async () => {
    service.on('POST /transcribe', () => {});
    const onUploadProgress = () => {};
    const gone = AbortSignal.abort(new Error('never'));
    await expect(client.submit(recording(10), {}, { onUploadProgress, signal: gone })).rejects.toThrow('never');
    const giveUp = new AbortController();
    service.on('POST /transcribe', () => giveUp.abort(new Error('enough')));
    const waiting = client.submit(recording(10), {}, { onUploadProgress, signal: giveUp.signal });
    await expect(waiting).rejects.toThrow('enough');
  });

  it('are resumable: pieces of a Blob, each with its progress', async () => {
    const offsets: string[] = [];
    service.on('POST /uploads', (request, response) => {
      expect(request.headers).toMatchObject({ 'tus-resumable': '1.0.0', 'upload-length': '9000000' });
      const [name, type] = String(request.headers['upload-metadata']).split(',');
      expect(name).toBe(`filename ${Buffer.from('Aufnahme "1".wav').toString('base64')}`);
      expect(type).toBe(`filetype ${btoa('audio/wav')}`);
      response.writeHead(201, { location: '/below/uploads/u-1' }).end();
    });
    service.on('PATCH /uploads/u-1', (request, response, body) => {
      const offset = String(request.headers['upload-offset']);
      offsets.push(offset);
      response.writeHead(204, { 'upload-offset': String(Number(offset) + body.length) }).end();
    });
    const progress: UploadProgress[] = [];
    const onUploadProgress = (one: UploadProgress) => progress.push(one);
    expect(await client.uploads.send(recording(9_000_000), { onUploadProgress })).toEqual({ uploadId: 'u-1' });
    expect(offsets).toEqual(['0', String(8 * 1024 * 1024)]);
    expect(progress.at(-1)).toEqual({ sentBytes: 9_000_000, totalBytes: 9_000_000 });
  });

  it('say when nobody answers', async () => {
    service.on('POST /transcribe', (request) => request.socket.destroy());
    await expect(client.submit(recording(10), {}, { onUploadProgress: () => {} })).rejects.toMatchObject({
      name: 'ConnectionError',
    });
  });
});
