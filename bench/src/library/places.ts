import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openLibrary } from '@sotto/library';
import { filesUnder, type PostgresServer, REPOSITORY, startPostgres, temporaryFolder, waitFor } from '@sotto/testkit';
import { type CheckoutApi, startApiOf } from '../api-of-checkout.ts';
import { timed } from '../statistics.ts';
import type { Material } from './material.ts';

interface Database {
  name: string;
  url: string;
  /** On disk. */
  bytes(): Promise<number>;
  close(): Promise<void>;
}

/** As Debian configures it. */
const BUFFERS = '128MB';

/** A database with a library in it, and an API that serves it. made -> filled -> served -> closed. */
export class LibraryPlace {
  readonly #database: Database;
  #api: CheckoutApi | null = null;
  #figures = { bornMs: 0, fillMs: 0, openMs: 0, bytes: 0, items: 0, plainMb: 0, startMb: 0, mostMb: 0 };

  constructor(database: Database) {
    this.#database = database;
  }

  get name(): string {
    return this.#database.name;
  }

  /** @returns ids of the folders */
  async fill(material: Material): Promise<string[]> {
    const figures = this.#figures;
    figures.items = material.count;
    figures.bornMs = await timed(async () => (await openLibrary(this.#database.url)).close());
    const library = await openLibrary(this.#database.url);
    let folders: string[] = [];
    figures.fillMs = await timed(async () => {
      folders = await material.addTo(library);
    });
    await library.close();
    figures.bytes = await this.#database.bytes();
    figures.openMs = await timed(async () => (await openLibrary(this.#database.url)).close());
    return folders;
  }

  /** @returns the address of an API with this library */
  async serve(): Promise<string> {
    const plain = await startApiOf(REPOSITORY);
    this.#figures.plainMb = await residentMb(plain);
    await plain.close();
    const api = await startApiOf(REPOSITORY, { env: { DATABASE_URL: this.#database.url } });
    this.#api = api;
    await waitFor(async () => (await fetch(`${api.url}/library?limit=1`)).ok, { what: 'the library to open' });
    this.#figures.startMb = await residentMb(api);
    return api.url;
  }

  /** Of its memory. */
  async watch(): Promise<void> {
    if (this.#api === null) return;
    this.#figures.mostMb = Math.max(this.#figures.mostMb, await residentMb(this.#api));
  }

  figures(): string {
    const { bornMs, fillMs, openMs, bytes, items, plainMb, startMb, mostMb } = this.#figures;
    return [
      `${this.name}: a new library opens in ${Math.round(bornMs)} ms and this one in ${Math.round(openMs)} ms, it takes`,
      `${(bytes / 1e9).toFixed(2)} GB of disk (${Math.round(bytes / 1e3 / items)} kB an item), an item is added in ${(fillMs / items).toFixed(1)} ms;`,
      `the API has ${Math.round(startMb)} MB resident at the start and ${Math.round(mostMb)} MB at most (${Math.round(plainMb)} MB without a library).`,
    ].join(' ');
  }

  async close(): Promise<void> {
    await this.#api?.close();
    await this.#database.close();
  }
}

export async function postgresPlace(): Promise<LibraryPlace> {
  const server: PostgresServer = await startPostgres({ shared_buffers: BUFFERS });
  const url = await server.createDatabase();
  const name = new URL(url).pathname.slice(1);
  return new LibraryPlace({
    name: 'PostgreSQL',
    url,
    bytes: async () => Number(await server.query(name, 'SELECT pg_database_size(current_database())')),
    close: () => server.close(),
  });
}

export async function pglitePlace(): Promise<LibraryPlace> {
  const folder = await temporaryFolder('library');
  return new LibraryPlace({
    name: 'PGlite',
    url: `pglite:${folder}`,
    bytes: () => bytesUnder(folder),
    close: () => rm(folder, { recursive: true, force: true }),
  });
}

async function bytesUnder(folder: string): Promise<number> {
  let sum = 0;
  for (const file of await filesUnder(folder)) sum += (await stat(join(folder, file))).size;
  return sum;
}

async function residentMb({ process }: CheckoutApi): Promise<number> {
  const status = await readFile(`/proc/${process.pid}/status`, 'utf8');
  return (Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1024) / 1e6;
}
