import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ModelProgress } from '@sotto/model-files';
import { installModel } from '../src/models/install.ts';
import { smallGgml, temporaryFolder } from './models-fixtures.ts';
import { testEntry } from './models-fixtures-entry.ts';
import { serve, startFileServer, startSilentServer } from './models-server.ts';

let file: Buffer;
let sha256: string;
beforeAll(async () => {
  ({ bytes: file, sha256 } = await smallGgml());
});

const entry = () => testEntry('trial', file.length, [{ kind: 'download', bytes: file.length, sha256 }]);
const path = (folder: string) => join(folder, 'ggml-trial.bin');
const exists = (name: string) =>
  stat(name).then(
    () => true,
    () => false,
  );

describe('no way to the server', () => {
  it('a handshake that does not end is given up at the connect limit', async () => {
    const baseUrl = await startSilentServer();
    const error = await installModel(entry(), await temporaryFolder(), { baseUrl, connectTimeoutMs: 300 }).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({
      code: 'model_not_available',
      detail: expect.stringContaining('did not answer within 0.3 s'),
    });
  });

  it('a refused connection is named at once', async () => {
    const error = await installModel(entry(), await temporaryFolder(), { baseUrl: 'http://127.0.0.1:1' }).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ detail: expect.stringMatching(/cannot be reached \(ECONNREFUSED\)/) });
  });

  it('an abort ends a running download with its reason and keeps what arrived', async () => {
    const stop = new AbortController();
    const server = await startFileServer((_request, response) => {
      response.writeHead(200, { 'content-length': file.length });
      response.write(file.subarray(0, 200_000));
    });
    const modelDir = await temporaryFolder();
    const onProgress = ({ phase, receivedBytes }: ModelProgress) => {
      if (phase === 'downloading' && receivedBytes > 0) stop.abort(new Error('enough'));
    };
    const install = installModel(entry(), modelDir, { baseUrl: server.baseUrl, signal: stop.signal, onProgress });
    await expect(install).rejects.toThrow('enough');
    expect(await exists(path(modelDir))).toBe(false);
  });
});

describe('a disk without room', () => {
  it('is found before anything is asked for', async () => {
    const server = await startFileServer(serve(file));
    const bytes = 2 ** 60;
    const huge = testEntry('huge', bytes, [{ kind: 'download', bytes, sha256 }]);
    const error = await installModel(huge, await temporaryFolder(), { baseUrl: server.baseUrl }).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ code: 'disk_full', detail: expect.stringMatching(/needs 1073741824.0 GB.* free/) });
    expect(server.requests).toEqual([]);
  });
});

describe('files on disk', () => {
  it('are taken from a folder of the operator, before anything is fetched', async () => {
    const shelf = await temporaryFolder();
    await writeFile(path(shelf), file);
    const options = { fileDirs: [shelf], baseUrl: 'http://127.0.0.1:1' };
    const { attempts, model } = await installModel(entry(), await temporaryFolder(), options);
    expect(attempts).toMatchObject([{ source: 'file', problem: null }]);
    expect(model.digest).toBe(sha256);
  });

  it('a file: mirror is copied, and checked like any other', async () => {
    const shelf = await temporaryFolder();
    await writeFile(path(shelf), file);
    const { model } = await installModel(entry(), await temporaryFolder(), { baseUrl: `file://${shelf}` });
    expect(model.digest).toBe(sha256);
    await writeFile(path(shelf), Buffer.alloc(file.length));
    const error = await installModel(entry(), await temporaryFolder(), { baseUrl: `file://${shelf}` }).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ detail: expect.stringContaining('its SHA-256 is') });
  });
});
