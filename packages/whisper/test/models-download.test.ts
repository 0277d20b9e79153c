import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { SottoError } from '@sotto/contracts';
import type { ModelProgress } from '@sotto/model-files';
import { installModel } from '../src/models/install.ts';
import { smallGgml, temporaryFolder } from './models-fixtures.ts';
import { testEntry } from './models-fixtures-entry.ts';
import { type Behaviour, breakOff, serve, startFileServer } from './models-server.ts';

let file: Buffer;
let sha256: string;
beforeAll(async () => {
  ({ bytes: file, sha256 } = await smallGgml());
});

const entry = () => testEntry('trial', file.length, [{ kind: 'download', bytes: file.length, sha256 }]);
const path = (folder: string) => join(folder, 'ggml-trial.bin');
const partial = (folder: string) => join(folder, '.ggml-trial.bin.part');
const exists = (name: string) =>
  stat(name).then(
    () => true,
    () => false,
  );

/** Runs an installation from a server that behaves so, and tells how it ended. */
async function install(behave: Behaviour, options: { modelDir?: string; stallTimeoutMs?: number } = {}) {
  const server = await startFileServer(behave);
  const modelDir = options.modelDir ?? (await temporaryFolder());
  const progress: ModelProgress[] = [];
  const result = await installModel(entry(), modelDir, {
    baseUrl: server.baseUrl,
    stallTimeoutMs: options.stallTimeoutMs ?? 5_000,
    onProgress: (report) => progress.push(report),
  }).catch((error: unknown) => error as SottoError);
  return { server, modelDir, progress, result };
}

describe('download from a good server', () => {
  it('publishes the verified file with its digest, reports progress to the end and asks nothing the next time', async () => {
    const { server, modelDir, progress, result } = await install(serve(file));
    expect(result).toMatchObject({
      model: { name: 'trial', bytes: file.length, digest: sha256, multilingual: false },
      attempts: [{ source: 'mirror', problem: null }],
    });
    expect((await readFile(path(modelDir))).equals(file)).toBe(true);
    expect(server.requests).toEqual([{ url: '/models/ggml-trial.bin', range: null, ifRange: null }]);
    expect(progress.at(-1)).toMatchObject({ phase: 'verifying', receivedBytes: file.length, totalBytes: file.length });
    expect(progress.map(({ phase }) => phase)).toContain('downloading');
    const visible = (await readdir(modelDir)).filter((name) => !name.startsWith('.'));
    expect(visible).toEqual(['ggml-trial.bin']);
    expect(await exists(partial(modelDir))).toBe(false);
    const again = await installModel(entry(), modelDir, { baseUrl: server.baseUrl });
    expect(again.attempts).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  it('follows redirects', async () => {
    const { result } = await install((request, response, count) => {
      if (count > 1) return serve(file)(request, response, count);
      response.writeHead(302, { location: '/elsewhere/file' }).end();
    });
    expect(result).toMatchObject({ model: { digest: sha256 } });
  });

  it('replaces a file that is there but cut short', async () => {
    const modelDir = await temporaryFolder();
    await writeFile(path(modelDir), file.subarray(0, 500_000));
    const { result } = await install(serve(file), { modelDir });
    expect(result).toMatchObject({ model: { digest: sha256 } });
  });
});

describe('a connection that breaks', () => {
  it('is taken up again where it ended, with the validator of the first answer', async () => {
    const { server, result } = await install(breakOff(file, 300_000));
    expect(result).toMatchObject({ model: { digest: sha256 } });
    expect(server.requests.length).toBeGreaterThanOrEqual(3);
    const [first, ...others] = server.requests;
    expect(first?.range).toBeNull();
    for (const { range, ifRange } of others) {
      expect(range).toMatch(/^bytes=[1-9]\d*-$/);
      expect(ifRange).toBe('"one"');
    }
  });

  it('leaves the partial file to the next run when nothing more comes', async () => {
    let healthy = false;
    const behave: Behaviour = (request, response, count) => {
      if (healthy) return serve(file)(request, response, count);
      if (count === 1) return breakOff(file, 400_000)(request, response, count);
      request.socket.destroy();
    };
    const server = await startFileServer(behave);
    const modelDir = await temporaryFolder();
    const failed = await installModel(entry(), modelDir, { baseUrl: server.baseUrl }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(SottoError);
    expect(failed).toMatchObject({ code: 'model_not_available', detail: expect.stringMatching(/mirror: .*broke/) });
    const kept = (await stat(partial(modelDir))).size;
    expect(kept).toBeGreaterThan(0);
    expect(await exists(path(modelDir))).toBe(false);
    healthy = true;
    const before = server.requests.length;
    const { model } = await installModel(entry(), modelDir, { baseUrl: server.baseUrl });
    expect(model.digest).toBe(sha256);
    expect(server.requests.slice(before)).toEqual([expect.objectContaining({ range: `bytes=${kept}-` })]);
  });

  it('starts again when the server ignores ranges', async () => {
    const { server, result } = await install((request, response, count) => {
      delete request.headers.range;
      return (count === 1 ? breakOff(file, 300_000) : serve(file))(request, response, count);
    });
    expect(server.requests).toHaveLength(2);
    expect(result).toMatchObject({ model: { digest: sha256 } });
  });

  it('starts again when the file has changed at the server', async () => {
    const { server, result } = await install((request, response, count) =>
      (count === 1 ? breakOff(Buffer.alloc(file.length, 7), 300_000, '"old"') : serve(file, '"new"'))(
        request,
        response,
        count,
      ),
    );
    expect(server.requests[1]).toMatchObject({ ifRange: '"old"' });
    expect(result).toMatchObject({ model: { digest: sha256 } });
  });

  it('starts again when the range cannot be satisfied or another part comes', async () => {
    const { server, result } = await install((request, response, count) => {
      if (count === 1) return breakOff(file, 300_000)(request, response, count);
      if (count === 2) return void response.writeHead(416).end();
      return serve(file)(request, response, count);
    });
    expect(server.requests[2]).toMatchObject({ range: null });
    expect(result).toMatchObject({ model: { digest: sha256 } });
  });

  it('is given up when the server stands still, and says so', async () => {
    const { result, modelDir } = await install(
      (_request, response) => {
        response.writeHead(200, { 'content-length': file.length });
        response.write(file.subarray(0, 1000));
      },
      { stallTimeoutMs: 200 },
    );
    expect(result).toMatchObject({
      code: 'model_not_available',
      detail: expect.stringContaining('sent nothing for 0.2 s'),
    });
    expect(await exists(path(modelDir))).toBe(false);
  });
});

describe('a server that lies', () => {
  const wrong = () => {
    const bytes = Buffer.from(file);
    bytes.writeUInt8(bytes.readUInt8(700_000) ^ 1, 700_000);
    return bytes;
  };

  it('wrong bytes are deleted and named', async () => {
    const { server, modelDir, result } = await install(serve(wrong()));
    expect(result).toMatchObject({
      code: 'model_not_available',
      detail: expect.stringMatching(/another SHA-256.*deleted/),
    });
    expect(server.requests).toHaveLength(1);
    expect(await exists(partial(modelDir))).toBe(false);
    expect(await exists(path(modelDir))).toBe(false);
  });

  it('wrong bytes left by an earlier run cost one more download, not the installation', async () => {
    const modelDir = await temporaryFolder();
    await writeFile(partial(modelDir), Buffer.alloc(5000, 1));
    const { server, result } = await install(serve(file), { modelDir });
    expect(result).toMatchObject({ model: { digest: sha256 } });
    expect(server.requests.map(({ range }) => range)).toEqual(['bytes=5000-', null]);
  });

  it('another length is refused before anything is downloaded', async () => {
    const { result, modelDir } = await install(serve(Buffer.alloc(file.length + 1)));
    expect(result).toMatchObject({
      detail: expect.stringContaining(`offers ${file.length + 1} bytes, expected ${file.length}`),
    });
    expect(await exists(partial(modelDir))).toBe(false);
  });

  it('more bytes than announced by nobody end the download', async () => {
    const { result, modelDir } = await install((_request, response) => {
      response.writeHead(200);
      response.end(Buffer.concat([file, Buffer.alloc(100_000)]));
    });
    expect(result).toMatchObject({ detail: expect.stringContaining('sent more than') });
    expect(await exists(partial(modelDir))).toBe(false);
  });

  it('a body that ends early without a length is not taken for the file', async () => {
    const { result, modelDir } = await install((_request, response) => {
      response.writeHead(200);
      response.end(file.subarray(0, 100_000));
    });
    expect(result).toMatchObject({ detail: expect.stringContaining(`100000 of ${file.length} bytes`) });
    expect(await exists(path(modelDir))).toBe(false);
  });

  it('an error page is not taken for the file', async () => {
    const { result } = await install((_request, response) => void response.writeHead(404).end('<html>'));
    expect(result).toMatchObject({ detail: expect.stringContaining('answered 404') });
  });
});
