import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { chown, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Child } from './child.ts';
import { mustRun, runCommand } from './command.ts';
import { temporaryFolder } from './folders.ts';
import { freePort } from './ports.ts';
import { waitFor } from './wait-for.ts';

const START_ATTEMPTS = 5;
const DEBIAN = '/usr/lib/postgresql';

const SETTINGS: Record<string, string> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  // Tests kill processes, never the machine.
  fsync: 'off',
  shared_buffers: '32MB',
  max_connections: '60',
};

/**
 * A PostgreSQL of the test's own, on the loopback, with a password. It does not run as root: then it is run as the user
 * whom its package makes. running <-> down (after kill9); restart() recovers from its log, on the same port.
 */
export class PostgresServer {
  readonly port: number;
  readonly folder: string;
  readonly #password: string;
  readonly #settings: Record<string, string>;
  #server: Child;

  private constructor(port: number, folder: string, password: string, settings: Record<string, string>, server: Child) {
    this.port = port;
    this.folder = folder;
    this.#password = password;
    this.#settings = settings;
    this.#server = server;
  }

  /** @param settings beside those of tests, or instead of them */
  static async start(settings: Record<string, string> = {}): Promise<PostgresServer> {
    const folder = await temporaryFolder('postgres');
    const password = randomBytes(12).toString('hex');
    try {
      await initialize(folder, password);
      for (let attempt = 1; ; attempt += 1) {
        const port = await freePort();
        try {
          return new PostgresServer(port, folder, password, settings, await launch(port, folder, settings));
        } catch (error) {
          if (attempt === START_ATTEMPTS) throw error;
        }
      }
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get pid(): number {
    return this.#server.pid;
  }

  urlOf(database: string): string {
    return `postgres://postgres:${this.#password}@127.0.0.1:${this.port}/${database}`;
  }

  /** An empty database. @returns its address */
  async createDatabase(): Promise<string> {
    const name = `test_${randomUUID().replaceAll('-', '')}`;
    await this.query('postgres', `CREATE DATABASE ${name}`);
    return this.urlOf(name);
  }

  /** @returns what psql prints: rows, with columns divided by `|` */
  async query(database: string, sql: string): Promise<string> {
    const args = ['--no-psqlrc', '-v', 'ON_ERROR_STOP=1', '-At', '-c', sql, this.urlOf(database)];
    return (await mustRun(programPath('psql'), args)).toString().trim();
  }

  /** SIGKILL: its sessions end with it. */
  async kill9(): Promise<void> {
    await this.#server.kill9();
  }

  /** The same port and data; resolves when it answers. */
  async restart(): Promise<void> {
    if (this.#server.exit === null) await this.#server.stop();
    // Sessions of one that was killed may still be ending: it does not start beside them.
    await waitFor(
      async () => {
        try {
          this.#server = await launch(this.port, this.folder, this.#settings);
          return true;
        } catch {
          return false;
        }
      },
      { what: 'PostgreSQL to start again', timeoutMs: 30_000 },
    );
  }

  async close(): Promise<void> {
    if (this.#server.exit === null) {
      // Ends sessions instead of waiting for them.
      this.#server.signal('SIGINT');
      await this.#server.ended;
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}

export function startPostgres(settings: Record<string, string> = {}): Promise<PostgresServer> {
  return PostgresServer.start(settings);
}

async function initialize(folder: string, password: string): Promise<void> {
  const user = await unprivilegedUser();
  const passwordFile = join(folder, 'password');
  await writeFile(passwordFile, password);
  if (user !== null) {
    await chown(folder, user.uid, user.gid);
    await chown(passwordFile, user.uid, user.gid);
  }
  const args = ['-D', join(folder, 'data'), '-U', 'postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const options = ['--encoding=UTF8', '--locale=C', '--no-sync'];
  await mustRun(programPath('initdb'), [...args, ...options], { cwd: folder, ...(user !== null && { user }) });
}

async function launch(port: number, folder: string, own: Record<string, string>): Promise<Child> {
  const user = await unprivilegedUser();
  const settings = { ...SETTINGS, ...own, port: String(port) };
  const server = await Child.start({
    name: `postgres:${port}`,
    command: programPath('postgres'),
    args: [
      '-D',
      join(folder, 'data'),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    cwd: folder,
    ...(user !== null && { user }),
  });
  try {
    await waitFor(async () => server.exit !== null || (await isReady(port)), { what: `${server.name} to answer` });
  } catch (error) {
    await server.stop();
    throw error;
  }
  if (server.exit !== null) throw new Error(`${server.name} ended at once.\n${server.tail()}`);
  return server;
}

async function isReady(port: number): Promise<boolean> {
  const args = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-q'];
  return (await runCommand(programPath('pg_isready'), args)).code === 0;
}

/** null: this process is not root, so the server can run as it does. */
async function unprivilegedUser(): Promise<{ uid: number; gid: number } | null> {
  if (process.getuid?.() !== 0) return null;
  const idOf = async (flag: string) => Number((await mustRun('id', [flag, 'postgres'])).toString());
  return { uid: await idOf('-u'), gid: await idOf('-g') };
}

/** On PATH, or where Debian puts it: the newest version there. */
function programPath(name: string): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN) : [];
  const newest = versions
    .sort((a, b) => Number(b) - Number(a))
    .find((one) => existsSync(join(DEBIAN, one, 'bin', name)));
  return newest === undefined ? name : join(DEBIAN, newest, 'bin', name);
}
