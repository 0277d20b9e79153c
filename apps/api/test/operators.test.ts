import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ERROR_CATALOG } from '@sotto/contracts';
import {
  type ApiProcess,
  appArguments,
  encodeWav,
  REPOSITORY,
  type Service,
  speak,
  startService,
  temporaryFolder,
} from '@sotto/testkit';
import { type Example, examplesOf, startExample } from './support/examples.ts';

jest.setTimeout(60_000);

/** Pages for whoever runs the service. What their steps need beyond this machine, a fence names: `needs=cluster`. */
const PAGES = [
  'DEPLOYMENT.md',
  'OPERATIONS.md',
  'TROUBLESHOOTING.md',
  'SECURITY.md',
  'SCALING.md',
  'CLOUD.md',
  'BACKUP.md',
  'LOADTEST.md',
];
const MISSING_HERE = ['cluster', 'cloud', 'docker', 'gpu', 'time'];
/** "# prints: healthy" in a block: a promise that is held against its output. */
const PROMISE = /^# prints: (.+)$/gm;

const steps = await Promise.all(
  PAGES.map(async (page) => (await examplesOf(page)).map((example) => ({ ...example, page }))),
).then((pages) => pages.flat());

const KEY = 'the key of a client';
const ADMIN_KEY = 'the key of operators';

let service: Service;
/** An API of the same service that asks for keys. */
let closed: ApiProcess;
let root: string;

beforeAll(async () => {
  service = await startService();
  closed = await service.addApi({ ENABLE_API_KEY: 'true', API_KEY: KEY, ADMIN_API_KEY: ADMIN_KEY });
  root = await temporaryFolder('operators');
  await giveCommand(root);
  await writeFile(join(root, 'talk.wav'), encodeWav((await speak('hello world one two three')).samples));
});

afterAll(async () => {
  await service?.close({ leftovers: true });
  await rm(root, { recursive: true, force: true });
});

/** `sotto`, as this checkout has it. */
async function giveCommand(folder: string): Promise<void> {
  await mkdir(join(folder, 'bin'));
  const words = [process.execPath, ...appArguments('cli')].map((word) => `'${word}'`);
  await writeFile(join(folder, 'bin/sotto'), `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, { mode: 0o755 });
}

/** Addresses of the page become those of this test. */
function here(example: Example): Example {
  const code = example.code
    .replaceAll('http://127.0.0.1:8000', service.url)
    .replaceAll('https://sotto.example.org', closed.url);
  // Each of its commands must succeed, not only the last.
  return { ...example, code: `set -eu\n${code}` };
}

function environment(): Record<string, string> {
  return {
    PATH: [join(root, 'bin'), process.env.PATH].join(delimiter),
    REDIS_URL: service.redis.url,
    QUEUE_PREFIX: service.prefix,
    TEMP_DIR: service.blobFolder,
    SOTTO_SERVER: service.url,
    SOTTO_HOME: root,
    KEY,
    ADMIN_KEY,
  };
}

it('errors that the pages explain are those of the catalogue', async () => {
  const text = await readFile(join(REPOSITORY, 'docs/TROUBLESHOOTING.md'), 'utf8');
  const [, table = ''] = /^\| error \|.*?\n\|[ -|]+\n(.*?)\n\n/ms.exec(text) ?? [];
  const named = table.split('\n').flatMap((row) => row.split(' | ')[0]?.match(/(?<=`)\w+(?=`)/g) ?? []);
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((code) => !(code in ERROR_CATALOG))).toEqual([]);
});

describe.each(PAGES)('%s', (page) => {
  const own = steps.filter((step) => step.page === page);

  it('says of each step that is not run what it would take', () => {
    const unknown = own.filter(({ action, name }) => action === 'needs' && !MISSING_HERE.includes(name));
    expect(unknown.map(({ code }) => code)).toEqual([]);
    expect(own.filter(({ action }) => action === 'run')).not.toEqual([]);
  });

  it.each(own.filter(({ action }) => action === 'run'))('$name', async (example) => {
    const program = await startExample(here(example), root, environment());
    const { code } = await program.ended;
    expect({ code, output: code === 0 ? '' : program.output }).toEqual({ code: 0, output: '' });
    for (const [, promise = ''] of example.code.matchAll(PROMISE)) expect(program.stdout).toContain(promise);
  });
});
