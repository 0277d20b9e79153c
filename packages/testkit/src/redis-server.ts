import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Child } from './child.ts';
import { temporaryFolder } from './folders.ts';
import { freePort } from './ports.ts';
import { waitFor } from './wait-for.ts';

const START_ATTEMPTS = 5;
/** ioredis leaves a timer of this length behind an orderly disconnect; its default keeps a process up for 2 s. */
const DISCONNECT_TIMEOUT_MS = 100;

/** Folder of the append-only file, by Redis's default. */
const APPEND_ONLY = 'appendonlydir';

type RedisSettings = Record<string, string>;

/**
 * A redis-server of the test's own, set up as in production: append-only file written every second, nothing evicted.
 * running <-> down (after kill9); restart() reads the append-only file again, on the same port.
 */
export class RedisServer {
  readonly port: number;
  readonly folder: string;
  private server: Child;
  private readonly settings: RedisSettings;
  private readonly clients = new Set<Redis>();

  private constructor(port: number, folder: string, server: Child, settings: RedisSettings) {
    this.port = port;
    this.settings = settings;
    this.folder = folder;
    this.server = server;
  }

  /** @param settings of redis.conf, beside those of production. */
  static async start(settings: RedisSettings = {}): Promise<RedisServer> {
    const folder = await temporaryFolder('redis');
    for (let attempt = 1; ; attempt += 1) {
      const port = await freePort();
      try {
        return new RedisServer(port, folder, await launch(port, folder, settings), settings);
      } catch (error) {
        if (attempt < START_ATTEMPTS) continue;
        await rm(folder, { recursive: true, force: true });
        throw error;
      }
    }
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/0`;
  }

  get pid(): number {
    return this.server.pid;
  }

  /** A connection that ends with this server. */
  client(): Redis {
    const client = new Redis(this.url, { maxRetriesPerRequest: null, disconnectTimeout: DISCONNECT_TIMEOUT_MS });
    client.on('error', () => {
      // An outage is what such a test is about; commands still reject or wait.
    });
    this.clients.add(client);
    return client;
  }

  /** The append-only file is written once a second; `always` puts what is there, and this write, on disk now. */
  async keepOnDisk(): Promise<void> {
    const client = this.client();
    await client.config('SET', 'appendfsync', 'always');
    await client.set('on-disk', '1', 'EX', 60);
  }

  /** SIGKILL: what was written in the last second may be lost. */
  async kill9(): Promise<void> {
    await this.server.kill9();
  }

  /** What is on its disk now, for `restartFrom`. */
  async copyDisk(): Promise<string> {
    const copy = await temporaryFolder('redis-copy');
    await cp(join(this.folder, APPEND_ONLY), join(copy, APPEND_ONLY), { recursive: true });
    return copy;
  }

  /** It dies, and comes back with what was on its disk then: everything since is lost. The copy is used up. */
  async restartFrom(copy: string): Promise<void> {
    await this.kill9();
    await rm(join(this.folder, APPEND_ONLY), { recursive: true });
    await cp(join(copy, APPEND_ONLY), join(this.folder, APPEND_ONLY), { recursive: true });
    await rm(copy, { recursive: true });
    await this.restart();
  }

  /** The same port and data; resolves when it answers. */
  async restart(): Promise<void> {
    if (this.server.exit === null) await this.server.stop();
    this.server = await launch(this.port, this.folder, this.settings);
  }

  /** Connections stay open and nothing answers, until thaw(). */
  freeze(): void {
    this.server.signal('SIGSTOP');
  }

  thaw(): void {
    this.server.signal('SIGCONT');
  }

  async close(): Promise<void> {
    this.thaw();
    await Promise.all([...this.clients].map(disconnect));
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export function startRedis(settings: RedisSettings = {}): Promise<RedisServer> {
  return RedisServer.start(settings);
}

/** Resolves when the socket is closed, so that nothing of it outlives the test file. */
async function disconnect(client: Redis): Promise<void> {
  const isConnected = client.status === 'ready' || client.status === 'connect';
  const ended = new Promise((resolve) => client.once('end', resolve));
  client.disconnect();
  if (isConnected) await ended;
}

async function launch(port: number, folder: string, more: RedisSettings): Promise<Child> {
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
    'maxmemory-policy': 'noeviction',
    ...more,
  };
  const server = await Child.start({
    name: `redis-server:${port}`,
    command: 'redis-server',
    args: Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
    cwd: folder,
  });
  try {
    await waitFor(() => answersOrHasEnded(port, server), { what: `${server.name} to answer` });
  } catch (error) {
    await server.stop();
    throw error;
  }
  if (server.exit !== null) throw new Error(`${server.name} ended at once.\n${server.tail()}`);
  return server;
}

async function answersOrHasEnded(port: number, server: Child): Promise<boolean> {
  if (server.exit !== null) return true;
  const probe = new Redis({
    host: '127.0.0.1',
    port,
    lazyConnect: true,
    retryStrategy: null,
    disconnectTimeout: DISCONNECT_TIMEOUT_MS,
  });
  probe.on('error', () => {
    // Refused until it listens; connect() rejects with the same error.
  });
  try {
    await probe.connect();
    return (await probe.ping()) === 'PONG';
  } finally {
    await disconnect(probe);
  }
}
