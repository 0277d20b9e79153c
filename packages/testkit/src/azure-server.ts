import { createHmac, randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { Child } from './child.ts';
import { temporaryFolder } from './folders.ts';
import { isProbe } from './leaks.ts';
import { npmPackage } from './npm-packages.ts';
import { freePort } from './ports.ts';
import type { Resource } from './resources.ts';
import { waitFor } from './wait-for.ts';

const START_TIMEOUT_MS = 60_000;
const API_VERSION = '2023-11-03';

/** Azurite (MIT), Microsoft's own emulator; or why it cannot be had. Later versions need a newer Node.js. */
export const azureSoftware = (): Promise<Resource<string>> =>
  npmPackage('azurite', '3.35.0', 'azurite/dist/src/blob/main.js');

/** A server that speaks Azure Blob Storage, of the test's own. */
export class AzureServer {
  readonly accountName = 'testaccount';
  readonly accountKey = randomBytes(64).toString('base64');
  readonly port: number;
  private readonly folder: string;
  private server: Child | null = null;

  private constructor(port: number, folder: string) {
    this.port = port;
    this.folder = folder;
  }

  static async start(program: string): Promise<AzureServer> {
    const azure = new AzureServer(await freePort(), await temporaryFolder('azure'));
    const place = ['--location', azure.folder, '--blobHost', '127.0.0.1', '--blobPort', String(azure.port)];
    azure.server = await Child.start({
      name: 'azure',
      command: process.execPath,
      args: [program, ...place, '--silent', '--disableTelemetry', '--skipApiVersionCheck'],
      env: { AZURITE_ACCOUNTS: `${azure.accountName}:${azure.accountKey}` },
      cwd: azure.folder,
    });
    try {
      await waitFor(async () => (await fetch(azure.url)).status > 0, {
        what: 'the Azure server to answer',
        timeoutMs: START_TIMEOUT_MS,
      });
      return azure;
    } catch (error) {
      const log = azure.server.tail();
      await azure.close();
      throw new Error(`The Azure server did not start.\n${log}`, { cause: error });
    }
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/${this.accountName}`;
  }

  /** A new, empty container. */
  async createContainer(): Promise<string> {
    const name = `c${randomBytes(6).toString('hex')}`;
    const reply = await this.ask('PUT', name, { restype: 'container' });
    if (!reply.ok) throw new Error(`No container: ${reply.status} ${await reply.text()}`);
    return name;
  }

  /** What an app needs to use a container here. */
  environment(container: string): Record<string, string> {
    return {
      STORAGE: 'azure',
      AZURE_CONTAINER: container,
      AZURE_ENDPOINT: this.url,
      AZURE_ACCOUNT_NAME: this.accountName,
      AZURE_ACCOUNT_KEY: this.accountKey,
    };
  }

  /** Names of what lies in a container: blobs, and those whose blocks were sent and that never became whole. */
  async contentOf(container: string): Promise<string[]> {
    const query = { comp: 'list', include: 'uncommittedblobs', restype: 'container' };
    const text = await (await this.ask('GET', container, query)).text();
    const names = [...text.matchAll(/<Name>([^<]+)<\/Name>/g)].map(([, name = '']) => name);
    return names.filter((name) => !isProbe(name)).sort();
  }

  async close(): Promise<void> {
    await this.server?.kill9();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Signed with the account's key (Shared Key, version 2009-09-19 and later). @param query in the order of its names */
  private ask(method: string, container: string, query: Record<string, string>): Promise<Response> {
    const date = new Date().toUTCString();
    const resource = [`/${this.accountName}/${this.accountName}/${container}`].concat(
      Object.entries(query).map(([name, value]) => `${name}:${value}`),
    );
    const signed = [
      method,
      ...Array<string>(11).fill(''),
      `x-ms-date:${date}`,
      `x-ms-version:${API_VERSION}`,
      ...resource,
    ];
    const signature = createHmac('sha256', Buffer.from(this.accountKey, 'base64')).update(signed.join('\n'));
    return fetch(`${this.url}/${container}?${new URLSearchParams(query)}`, {
      method,
      headers: {
        'x-ms-date': date,
        'x-ms-version': API_VERSION,
        authorization: `SharedKey ${this.accountName}:${signature.digest('base64')}`,
      },
    });
  }
}
