import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { Child } from './child.ts';
import { temporaryFolder } from './folders.ts';
import { isProbe } from './leaks.ts';
import { freePort } from './ports.ts';
import { pythonPackages } from './python-packages.ts';
import type { Resource } from './resources.ts';
import { waitFor } from './wait-for.ts';

/**
 * moto (Apache-2.0): S3 over HTTP with multipart uploads and their lists, ranges, versions and encryption headers. The
 * servers on npm lack the lists of unfinished uploads, or need a newer Node.js.
 */
const MOTO = ['moto[s3]==5.2.5', 'flask==3.1.3', 'flask-cors==6.0.5'];
const START_TIMEOUT_MS = 60_000;

/** Environment for Python that finds moto; or why it cannot be had. */
export const s3Software = (): Promise<Resource<Record<string, string>>> =>
  pythonPackages({ name: 'moto-5.2.5', requirements: MOTO, modules: ['moto.server', 'flask_cors'] });

/** A server that speaks S3, of the test's own; it keeps everything in memory. */
export class S3Server {
  readonly port: number;
  private readonly folder: string;
  private readonly server: Child;

  private constructor(port: number, folder: string, server: Child) {
    this.port = port;
    this.folder = folder;
    this.server = server;
  }

  static async start(software: Record<string, string>): Promise<S3Server> {
    const folder = await temporaryFolder('s3');
    const port = await freePort();
    const args = ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)];
    const server = await Child.start({ name: 's3', command: 'python3', args, env: software, cwd: folder });
    const s3 = new S3Server(port, folder, server);
    try {
      await waitFor(async () => (await fetch(`${s3.url}/moto-api/`)).ok, {
        what: 'the S3 server to answer',
        timeoutMs: START_TIMEOUT_MS,
      });
      return s3;
    } catch (error) {
      await s3.close();
      throw new Error(`The S3 server did not start.\n${server.tail()}`, { cause: error });
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** A new, empty bucket. */
  async createBucket(): Promise<string> {
    const name = `b${randomBytes(6).toString('hex')}`;
    const reply = await fetch(`${this.url}/${name}`, { method: 'PUT' });
    if (!reply.ok) throw new Error(`No bucket: ${reply.status} ${await reply.text()}`);
    return name;
  }

  /** What an app needs to use a bucket here. */
  environment(bucket: string): Record<string, string> {
    return {
      STORAGE: 's3',
      S3_BUCKET: bucket,
      S3_ENDPOINT: this.url,
      S3_FORCE_PATH_STYLE: 'true',
      S3_ACCESS_KEY_ID: 'test',
      S3_SECRET_ACCESS_KEY: 'test-secret',
    };
  }

  /** Names of what lies in a bucket: objects, and uploads that were begun and not ended. */
  async contentOf(bucket: string): Promise<string[]> {
    const pages = await Promise.all(['list-type=2', 'uploads'].map((query) => fetch(`${this.url}/${bucket}?${query}`)));
    const texts = await Promise.all(pages.map((page) => page.text()));
    const keys = texts.flatMap((text) => [...text.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key = '']) => key));
    return keys.filter((key) => !isProbe(key)).sort();
  }

  async close(): Promise<void> {
    await this.server.kill9();
    await rm(this.folder, { recursive: true, force: true });
  }
}
