import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobServiceClient, type ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AzureServer, azureSoftware, describeWith } from '@sotto/testkit';
import { AzureBlobStore } from '../src/azure/azure-blob-store.ts';
import type { AzureSettings } from '../src/azure/settings.ts';
import { blobStoreContract, keepsToItsOwn } from './blob-store-contract.ts';

jest.setTimeout(60_000);

const MIB = 1024 * 1024;

describeWith(await azureSoftware(), 'AzureBlobStore', (program) => {
  let server: AzureServer;
  beforeAll(async () => {
    server = await AzureServer.start(program);
  });
  afterAll(() => server?.close());

  async function open() {
    const { accountName, accountKey, url: endpoint } = server;
    const scratchFolder = await mkdtemp(join(tmpdir(), 'sotto-scratch-'));
    const settings: AzureSettings = {
      container: await server.createContainer(),
      prefix: 'a/b/',
      endpoint,
      credentials: { accountName, accountKey },
      scratchFolder,
    };
    const remove = () => rm(scratchFolder, { recursive: true, force: true });
    return { settings, store: new AzureBlobStore(settings), remove };
  }

  blobStoreContract(open);

  describe('in a container', () => {
    let opened: Awaited<ReturnType<typeof open>>;
    let container: ContainerClient;
    beforeEach(async () => {
      opened = await open();
      const credential = new StorageSharedKeyCredential(server.accountName, server.accountKey);
      container = new BlobServiceClient(server.url, credential).getContainerClient(opened.settings.container);
    });
    afterEach(() => opened.remove());

    const content = () => server.contentOf(opened.settings.container);

    it('sends a large blob while it comes, and takes it back when it is given up', async () => {
      const writer = await opened.store.createWriter('uploads');
      await writer.write(randomBytes(4 * MIB));
      expect(await content()).toEqual([]);
      await writer.write(randomBytes(4 * MIB));
      expect(await content()).toEqual([expect.stringMatching(/^a\/b\/temporary\//)]);
      const writing = writer.write(randomBytes(12 * MIB));
      await writer.abort();
      await writing.catch(() => {});
      expect(await content()).toEqual([]);
    });

    it('lets two write one key at once: each is whole, and the last one stays', async () => {
      const [first, second] = [
        await opened.store.createWriter('audio', 'run-1'),
        await opened.store.createWriter('audio', 'run-1'),
      ];
      const contents = [randomBytes(12 * MIB), randomBytes(6 * MIB)] as const;
      await first.write(contents[0]);
      await second.write(contents[1]);
      const { key } = await first.commit();
      expect((await opened.store.read(key)).equals(contents[0])).toBe(true);
      await second.commit();
      expect((await opened.store.read(key)).equals(contents[1])).toBe(true);
      expect(await content()).toEqual([`a/b/${key}`]);
    });

    it('leaves alone what is not its own: other names, other prefixes, unfinished blobs of others', async () => {
      const { store, settings } = opened;
      for (const name of ['a/b/uploads/README', 'uploads/00/x', 'a/b/uploads/zz/wrong-shard']) {
        await container.getBlockBlobClient(name).upload('x', 1);
      }
      await keepsToItsOwn(store, new AzureBlobStore({ ...settings, prefix: 'other/' }));
    });

    it('keeps local files no longer than they are needed', async () => {
      const writer = await opened.store.createWriter('uploads');
      await writer.write(randomBytes(MIB));
      const { key } = await writer.commit();
      const file = await opened.store.localFile(key);
      expect(await readdir(opened.settings.scratchFolder)).toHaveLength(1);
      await file.release();
      expect(await readdir(opened.settings.scratchFolder)).toEqual([]);
    });

    it('says so when nobody answers, the container is not there, or the key is another one', async () => {
      const { settings } = opened;
      const credentials = { accountName: server.accountName, accountKey: randomBytes(64).toString('base64') };
      for (const wrong of [{ container: 'no-such-container' }, { endpoint: 'http://127.0.0.1:9/x' }, { credentials }]) {
        const store = new AzureBlobStore({ ...settings, ...wrong });
        expect(await store.health()).toEqual({ kind: 'azure', writable: false, freeBytes: null, totalBytes: null });
        const writer = await store.createWriter('uploads');
        await writer.write(Buffer.from('x'));
        await expect(writer.commit()).rejects.toMatchObject({ code: 'storage_unavailable' });
      }
    });
  });
});
