/** `docker run -p 8080:8080 sotto-web` and nothing else, but for a port of our own, on a read-only root, with our system calls. */
import { join } from 'node:path';
import { root } from '../setup/root.mjs';
import { docker, until } from './docker.mjs';

const START_MS = 60_000;
const NAME = 'sotto-images-test-web';
const LOCK = `seccomp=${join(root, 'docker/seccomp.json')}`;
const OPTIONS = ['--read-only', '--security-opt', LOCK, '--cap-drop', 'ALL'];

/** @returns {Promise<[string, string][]>} what was checked, and what came of it */
export async function checkWeb(tag, port) {
  docker(['run', '--detach', '--name', NAME, ...OPTIONS, '--publish', `127.0.0.1:${port}:8080`, tag]);
  try {
    // Node itself asks for Brotli over HTTPS only.
    const headers = { 'accept-encoding': 'br' };
    const get = (path) => fetch(`http://127.0.0.1:${port}${path}`, { headers });
    await until('the page', async () => (await get('/health/ready').catch(() => null))?.ok, START_MS);
    const page = await get('/app/library');
    const html = await page.text();
    const [script] = /\/app\/assets\/[^"]+\.js/.exec(html) ?? [];
    if (script === undefined) throw new Error(`The page has no script: ${html.slice(0, 400)}`);
    const file = await get(script);
    const encoding = file.headers.get('content-encoding');
    if (!file.ok || encoding !== 'br') throw new Error(`${script} is ${encoding ?? 'not compressed'}.`);
    if (!page.headers.get('content-security-policy')?.startsWith("default-src 'none'"))
      throw new Error('The page comes without its policy.');
    docker(['stop', '--time', '20', NAME]);
    const code = docker(['inspect', '--format', '{{.State.ExitCode}}', NAME]);
    if (code !== '0') throw new Error(`It ended with ${code} when it was told to stop.`);
    return [
      [
        'web: `docker run`, read-only root, no capabilities, `docker/seccomp.json`, the page and its script, `docker stop`',
        'with its policy, compressed with Brotli, exit status 0',
      ],
    ];
  } catch (error) {
    process.stderr.write(`${docker(['logs', '--tail', '40', NAME])}\n`);
    throw error;
  } finally {
    docker(['rm', '--force', '--volumes', NAME]);
  }
}
