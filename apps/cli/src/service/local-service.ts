import { mkdir } from 'node:fs/promises';
import { CommandError } from '../exit-codes.ts';
import { freePort } from '../processes/free-port.ts';
import type { SupervisedEvents } from '../processes/supervised.ts';
import { Supervisor } from '../processes/supervisor.ts';
import type { Settings } from '../settings.ts';
import { appEnvironment, workerEnvironments } from './environment.ts';
import { apiProgram, redisFolder, redisProgram, workerProgram } from './programs.ts';

export interface LocalServiceOptions {
  /** `model` is installed by now; `port` is free. */
  settings: Settings;
  events: Omit<SupervisedEvents, 'onPidChange'>;
  env: NodeJS.ProcessEnv;
}

const REDIS_TIMEOUT_MS = 60_000;
const APP_TIMEOUT_MS = 120_000;

/** redis-server (unless REDIS_URL names one), the API and a worker (for each device, when several are named), on this machine. */
export class LocalService {
  readonly url: string;
  /** null until its Redis answers. */
  redisUrl: string | null = null;
  private readonly supervisor: Supervisor;
  private readonly workers: ReturnType<typeof workerEnvironments>;
  private readonly options: LocalServiceOptions;

  constructor(options: LocalServiceOptions) {
    const { host, port } = options.settings;
    this.options = options;
    this.workers = workerEnvironments(options.settings);
    this.supervisor = new Supervisor(options.events);
    this.url = `http://${browsable(host)}:${port}`;
  }

  /** Resolves when the first request can be served. On failure everything is stopped again. */
  async start(): Promise<void> {
    try {
      await this.startAll();
    } catch (error) {
      await this.supervisor.stop();
      throw error;
    }
  }

  private get apps(): string[] {
    return ['api', ...this.workers.map(({ name }) => name)];
  }

  private async startAll(): Promise<void> {
    const { settings } = this.options;
    // The programs run in the home folder, which a first command may find missing.
    await mkdir(settings.home, { recursive: true });
    await mkdir(settings.blobFolder, { recursive: true });
    this.redisUrl = settings.redisUrl ?? (await this.startRedis());
    const env = appEnvironment(settings, this.options.env, this.redisUrl);
    await Promise.all([
      this.supervisor.start(apiProgram(settings.home, this.url, env), APP_TIMEOUT_MS),
      ...this.workers.map(async ({ name, env: own }) =>
        this.supervisor.start(workerProgram(name, settings.home, await anyPort(), { ...env, ...own }), APP_TIMEOUT_MS),
      ),
    ]);
  }

  /** New code for the API and the worker; Redis keeps what they were doing. */
  restartApps(): Promise<void> {
    return this.supervisor.restart(this.apps);
  }

  /** The API and the worker read their configuration again. */
  reload(): void {
    this.supervisor.hangUp(this.apps);
  }

  stop(): Promise<void> {
    return this.supervisor.stop();
  }

  kill(): void {
    this.supervisor.kill();
  }

  private async startRedis(): Promise<string> {
    const port = await anyPort();
    await this.supervisor.start(
      await redisProgram(redisFolder(this.options.settings.dataFolder), port),
      REDIS_TIMEOUT_MS,
    );
    return `redis://127.0.0.1:${port}/0`;
  }
}

/** An address to listen on is not always one to go to. */
function browsable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

async function anyPort(): Promise<number> {
  const port = await freePort('127.0.0.1');
  if (port === null) throw new CommandError('There is no free port on this machine.');
  return port;
}
