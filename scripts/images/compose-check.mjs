/** Runs the Compose file with two workers, transcribes through it and kills one of them in the middle of its work. */
import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../setup/root.mjs';
import { Client, repeatedSample, SAMPLE_TEXT } from './client.mjs';
import { cageOf, lockOf } from './confinement.mjs';
import { docker, tryDocker, until } from './docker.mjs';
import { inEachFormat } from './formats.mjs';

const SAMPLE_END = 'one two three';
const PROJECT = 'sotto-images-test';
const START_MS = 300_000;
const JOB_MS = 600_000;
/** Long enough to be in the middle of it when a worker is killed. */
const LONG_REPEATS = 300;

/** Compose with a project of our own: its containers, network and volumes are removed at the end. */
export class ComposeCheck {
  /** @param postgresImage null: there is none, and no library. */
  constructor({ imageTag, redisImage, postgresImage, port }) {
    this.folder = mkdtempSync(join(tmpdir(), 'sotto-images-'));
    // Compose looks for it in the folder of the project.
    cpSync(join(root, 'docker'), join(this.folder, 'docker'), { recursive: true });
    this.key = randomBytes(24).toString('hex');
    this.hasDatabase = postgresImage !== null;
    this.client = new Client(`http://127.0.0.1:${port}`, this.key);
    const settings = {
      SOTTO_TAG: imageTag,
      REDIS_IMAGE: redisImage,
      REDIS_PASSWORD: randomBytes(16).toString('base64'),
      ...(this.hasDatabase ? { POSTGRES_IMAGE: postgresImage } : { DATABASE_URL: 'none' }),
      PORT: port,
      WHISPER_MODEL: 'sotto-nano',
      ENABLE_API_KEY: 'true',
      API_KEY: this.key,
      ENABLE_RATE_LIMIT: 'false',
    };
    writeFileSync(
      join(this.folder, '.env'),
      Object.entries(settings)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
    );
  }

  compose(...args) {
    const file = ['--file', join(root, 'docker-compose.yml'), '--project-directory', this.folder];
    return docker(['compose', ...file, '--project-name', PROJECT, ...args]);
  }

  /** Ids of the containers of a service. */
  containers(service) {
    return this.compose('ps', '--quiet', service).split('\n').filter(Boolean);
  }

  /** @returns {Promise<[string, string][]>} what was checked, and what came of it */
  async run() {
    const services = this.hasDatabase ? [] : ['redis', 'api', 'worker'];
    this.compose('up', '--detach', '--no-build', '--scale', 'worker=2', ...services);
    await this.client.untilWorkers(2, START_MS);
    return [
      ['Compose: api, two workers and Redis, with a password and keys', 'ready'],
      ['read-only root of each container', this.readOnly()],
      ['user of each process', this.users()],
      ['system calls, by `docker/seccomp.json`', this.inEach(['api', 'worker'], lockOf)],
      ['the cage of ffmpeg, in a worker', this.inEach(['worker'], cageOf)],
      ['transcribes its sample', await this.sample()],
      ['a file of each format', await this.formats()],
      ['one of two workers killed (SIGKILL) in the middle of a job', await this.kill()],
    ];
  }

  readOnly() {
    const all = ['api', 'worker', 'redis'].flatMap((service) => this.containers(service));
    const writable = all.filter((id) => tryDocker(['exec', id, 'touch', '/usr/written']).status === 0);
    if (writable.length > 0) throw new Error(`The root of ${writable.length} containers can be written.`);
    return `holds in ${all.length} containers`;
  }

  users() {
    const ids = ['api', 'worker']
      .flatMap((service) => this.containers(service))
      .map((id) => docker(['exec', id, 'id', '-u']));
    if (ids.includes('0')) throw new Error('A container runs as root.');
    return `uid ${[...new Set(ids)].join(', ')}`;
  }

  /** What `check` says of the containers of these services, which must be the same of all. */
  inEach(services, check) {
    const [outcome, ...others] = new Set(services.flatMap((service) => this.containers(service)).map(check));
    if (others.length > 0) throw new Error(`Containers differ: ${[outcome, ...others].join('; ')}`);
    return outcome;
  }

  async sample() {
    const { text } = await this.client.transcribe(repeatedSample(1));
    if (text.trim() !== SAMPLE_TEXT) throw new Error(`It heard "${text}".`);
    return `"${SAMPLE_TEXT}"`;
  }

  /** With the ffmpeg of the image, which is not the one of a laptop. */
  async formats() {
    let count = 0;
    for await (const { name, bytes, isVocoder } of inEachFormat()) {
      const { text } = await this.client.transcribe(bytes, {}, name);
      // Codecs of telephones change the voice so much that sotto-nano takes one word for another.
      const isHeard = isVocoder ? text.trim().endsWith(SAMPLE_END) : text.trim() === SAMPLE_TEXT;
      if (!isHeard) throw new Error(`It heard "${text}" in ${name}.`);
      count += 1;
    }
    return `the sample is heard in all ${count}`;
  }

  async kill() {
    const recording = repeatedSample(LONG_REPEATS);
    const undisturbed = await this.longJob(recording);
    const text = await this.longJob(recording, async (id) => {
      await until('a job in the middle', async () => (await this.client.status(id)).progress >= 20, JOB_MS);
      docker(['kill', '--signal', 'KILL', this.containers('worker')[0]]);
      const { status } = await this.client.status(id);
      if (status !== 'processing') throw new Error('The job was over before a worker was killed: it is too short.');
    });
    if (text !== undisturbed) throw new Error('The text differs from the one of an undisturbed run.');
    return `the job was completed by the other, ${text.length} characters, the same as undisturbed`;
  }

  async longJob(recording, meanwhile = async () => {}) {
    const { job_id: id } = await this.client.transcribe(recording, { async: 'true' });
    await meanwhile(id);
    return this.client.text(id, JOB_MS);
  }

  logs() {
    return this.compose('logs', '--no-color', '--tail', '40');
  }

  close() {
    try {
      this.compose('down', '--volumes', '--timeout', '20');
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
  }
}
