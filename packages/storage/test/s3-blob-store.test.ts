import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer as createProxy, request } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { describeWith, S3Server, s3Software } from '@sotto/testkit';
import type { S3Settings } from '../src/index.ts';
import { S3BlobStore } from '../src/s3/s3-blob-store.ts';
import { blobStoreContract, keepsToItsOwn } from './blob-store-contract.ts';

jest.setTimeout(60_000);

const MIB = 1024 * 1024;
const HOUR_MS = 3_600_000;

describeWith(await s3Software(), 'S3BlobStore', (software) => {
  let server: S3Server;
  beforeAll(async () => {
    server = await S3Server.start(software);
  });
  afterAll(() => server?.close());

  async function open(more: Partial<S3Settings> = {}) {
    const scratchFolder = await mkdtemp(join(tmpdir(), 'sotto-scratch-'));
    const settings: S3Settings = {
      bucket: await server.createBucket(),
      prefix: 'a/b/',
      region: 'us-east-1',
      endpoint: server.url,
      forcePathStyle: true,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test-secret' },
      encryption: 'none',
      scratchFolder,
      ...more,
    };
    const remove = () => rm(scratchFolder, { recursive: true, force: true });
    return { settings, scratchFolder, store: new S3BlobStore(settings), remove };
  }

  blobStoreContract(open);

  describe('in a bucket', () => {
    let opened: Awaited<ReturnType<typeof open>>;
    let client: S3Client;
    beforeEach(async () => {
      opened = await open();
      const { region, endpoint, forcePathStyle, credentials } = opened.settings;
      client = new S3Client({
        region,
        forcePathStyle,
        ...(endpoint && { endpoint }),
        ...(credentials && { credentials }),
      });
    });
    afterEach(() => {
      client.destroy();
      return opened.remove();
    });

    const put = async (store: S3BlobStore, content: Uint8Array) => {
      const writer = await store.createWriter('uploads');
      await writer.write(content);
      return writer.commit();
    };
    const uploadsIn = async (Bucket: string) =>
      (await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads ?? [];

    it('sends a large upload while it comes, and takes it back when it is given up', async () => {
      const { store, settings } = opened;
      const writer = await store.createWriter('uploads');
      await writer.write(randomBytes(4 * MIB));
      expect(await uploadsIn(settings.bucket)).toHaveLength(0);
      await writer.write(randomBytes(4 * MIB));
      expect(await uploadsIn(settings.bucket)).toHaveLength(1);
      const writing = writer.write(randomBytes(12 * MIB));
      await writer.abort();
      await writing.catch(() => {});
      expect(await uploadsIn(settings.bucket)).toHaveLength(0);
    });

    it('leaves alone what is not its own: other names, other prefixes, unfinished uploads of others', async () => {
      const { store, settings } = opened;
      const { bucket: Bucket } = settings;
      for (const Key of ['a/b/uploads/README', 'uploads/00/x', 'a/b/uploads/zz/wrong-shard']) {
        await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
      }
      await keepsToItsOwn(store, new S3BlobStore({ ...settings, prefix: 'other/' }));
    });

    it('deletes for good where the bucket keeps versions', async () => {
      const { store, settings } = opened;
      const { bucket: Bucket } = settings;
      const versioning = { VersioningConfiguration: { Status: 'Enabled' } } as const;
      await client.send(new PutBucketVersioningCommand({ Bucket, ...versioning }));
      for (const words of ['first', 'second']) {
        const writer = await store.createWriter('audio', 'run-1');
        await writer.write(Buffer.from(words));
        await writer.commit();
      }
      const { key } = await put(store, Buffer.from('stays'));
      for await (const blob of store.list('audio')) expect(await store.delete(blob.key)).toBe(true);
      expect(await store.health()).toMatchObject({ writable: true });
      const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
      expect(DeleteMarkers).toEqual([]);
      expect(Versions.map(({ Key }) => Key)).toEqual([`a/b/${key}`]);
    });

    it.each([
      [{ encryption: 'AES256' }, { ServerSideEncryption: 'AES256' }],
      [
        { encryption: 'aws:kms', kmsKeyId: 'k-1' },
        { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'k-1' },
      ],
    ] as const)('asks for encryption with %j, of small and of large blobs', async (more, expected) => {
      const { store, settings, remove } = await open(more);
      try {
        for (const bytes of [100, 6 * MIB]) {
          const { key } = await put(store, randomBytes(bytes));
          const place = { Bucket: settings.bucket, Key: `a/b/${key}` };
          expect(await client.send(new HeadObjectCommand(place))).toMatchObject(expected);
        }
      } finally {
        await remove();
      }
    });

    it('keeps local files no longer than they are needed, and removes those of a killed process', async () => {
      const { store, scratchFolder } = opened;
      // Another process of this place that is gone: pid 2^22 + 1 is beyond Linux's largest.
      const { key } = await put(store, randomBytes(MIB));
      const probe = await store.localFile(key);
      const [name = ''] = await readdir(scratchFolder);
      await probe.release();
      expect(await readdir(scratchFolder)).toEqual([]);
      const [place] = name.split('.');
      await writeFile(join(scratchFolder, `${place}.4194305.left`), 'x');
      await writeFile(join(scratchFolder, `elsewhere.1.left`), 'x');
      const next = new S3BlobStore(opened.settings);
      const file = await next.localFile(key);
      expect(await readdir(scratchFolder)).toHaveLength(2);
      await file.release();
      expect(await next.sweepTemporary(HOUR_MS)).toBe(0);
      expect(await next.sweepTemporary(0)).toBe(1);
      expect(await readdir(scratchFolder)).toEqual([]);
    });

    it('leaves no local file when the blob breaks off', async () => {
      const { settings, scratchFolder } = opened;
      // Promises a hundred bytes and hangs up after ten.
      const broken = createServer((socket) => {
        socket.once('data', (request) => {
          const isHead = request.toString('latin1').startsWith('HEAD');
          const head = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\nLast-Modified: Sat, 03 Jan 2026 10:00:00 GMT\r\n\r\n';
          socket.end(isHead ? head : `${head}0123456789`);
        });
      });
      await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve));
      try {
        const address = broken.address();
        const port = typeof address === 'object' ? address?.port : 0;
        const store = new S3BlobStore({ ...settings, endpoint: `http://127.0.0.1:${port}` });
        const key = (await put(opened.store, Buffer.from('x'))).key;
        await expect(store.localFile(key)).rejects.toMatchObject({ code: 'storage_unavailable' });
        expect(await readdir(scratchFolder)).toEqual([]);
      } finally {
        await new Promise((resolve) => broken.close(resolve));
      }
    });

    it('says so when nobody answers, or the bucket is not there', async () => {
      const gone = new S3BlobStore({ ...opened.settings, bucket: 'no-such-bucket' });
      expect(await gone.health()).toEqual({ kind: 's3', writable: false, freeBytes: null, totalBytes: null });
      await expect(put(gone, Buffer.from('x'))).rejects.toMatchObject({ code: 'storage_unavailable' });
      const silent = new S3BlobStore({ ...opened.settings, endpoint: 'http://127.0.0.1:9' });
      expect(await silent.health()).toMatchObject({ writable: false });
      await expect(silent.read('uploads/2d/x')).rejects.toBeInstanceOf(Error);
    });

    it('knows its object when the answer to the last step was lost', async () => {
      const { settings } = opened;
      let swallowed = 0;
      const proxy = createProxy((incoming, outgoing) => {
        const { method, url: path, headers } = incoming;
        const onward = request({ port: server.port, host: '127.0.0.1', method, path, headers }, (answer) => {
          if (method === 'POST' && path?.includes('uploadId=') && swallowed++ === 0) {
            answer.resume().once('end', () => outgoing.destroy());
          } else answer.pipe(outgoing.writeHead(answer.statusCode ?? 500, answer.headers));
        });
        incoming.pipe(onward);
      });
      await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
      try {
        const address = proxy.address();
        const port = typeof address === 'object' ? address?.port : 0;
        const store = new S3BlobStore({ ...settings, endpoint: `http://127.0.0.1:${port}` });
        const content = randomBytes(6 * MIB);
        const { key } = await put(store, content);
        expect(swallowed).toBeGreaterThanOrEqual(2);
        expect((await opened.store.read(key)).equals(content)).toBe(true);
      } finally {
        proxy.closeAllConnections();
        await new Promise((resolve) => proxy.close(resolve));
      }
    });
  });
});
