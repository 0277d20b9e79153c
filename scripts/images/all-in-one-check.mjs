/** `docker run -p 8000:8000 sotto` and nothing else, but for a port of our own, on a read-only root, with our system calls. */
import { join } from 'node:path';
import { root } from '../setup/root.mjs';
import { Client, repeatedSample, SAMPLE_TEXT } from './client.mjs';
import { lockOf } from './confinement.mjs';
import { docker } from './docker.mjs';

const START_MS = 300_000;
const NAME = 'sotto-images-test-all-in-one';
/** No network but the published port is needed with the bundled model. */
const LOCK = `seccomp=${join(root, 'docker/seccomp.json')}`;
const OPTIONS = ['--read-only', '--security-opt', LOCK, '--tmpfs', '/tmp', '--env', 'WHISPER_MODEL=sotto-nano'];

/** @returns {Promise<[string, string][]>} what was checked, and what came of it */
export async function checkAllInOne(tag, port) {
  docker(['run', '--detach', '--name', NAME, ...OPTIONS, '--publish', `127.0.0.1:${port}:8000`, tag]);
  try {
    const client = new Client(`http://127.0.0.1:${port}`);
    await client.untilWorkers(1, START_MS);
    const { text } = await client.transcribe(repeatedSample(1));
    if (text.trim() !== SAMPLE_TEXT) throw new Error(`It heard "${text}".`);
    lockOf(NAME);
    docker(['stop', '--time', '60', NAME]);
    const code = docker(['inspect', '--format', '{{.State.ExitCode}}', NAME]);
    if (code !== '0') throw new Error(`It ended with ${code} when it was told to stop.`);
    return [
      [
        'all-in-one: `docker run`, read-only root, `docker/seccomp.json`, its sample, `docker stop`',
        `"${SAMPLE_TEXT}", exit status 0`,
      ],
    ];
  } catch (error) {
    process.stderr.write(`${docker(['logs', '--tail', '40', NAME])}\n`);
    throw error;
  } finally {
    docker(['rm', '--force', '--volumes', NAME]);
  }
}
