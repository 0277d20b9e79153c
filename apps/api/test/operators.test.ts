import { rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { encodeWav, REPOSITORY, type Service, speak, startService, temporaryFolder } from '@sotto/testkit';
import { type Example, examplesOf, startExample } from './support/examples.ts';

jest.setTimeout(60_000);

/** Pages for whoever runs the service. What their steps need beyond this machine, a fence names: `needs=cluster`. */
const PAGES = ['OPERATIONS.md'];
const MISSING_HERE = ['cluster', 'cloud', 'docker', 'gpu'];
/** "# prints: healthy" in a block: a promise that is held against its output. */
const PROMISE = /^# prints: (.+)$/gm;

const steps = await Promise.all(
  PAGES.map(async (page) => (await examplesOf(page)).map((example) => ({ ...example, page }))),
).then((pages) => pages.flat());

let service: Service;
let root: string;

beforeAll(async () => {
  service = await startService();
  root = await temporaryFolder('operators');
  await symlink(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'));
  await writeFile(join(root, 'talk.wav'), encodeWav((await speak('hello world one two three')).samples));
});

afterAll(async () => {
  await service?.close({ leftovers: true });
  await rm(root, { recursive: true, force: true });
});

/** Addresses of the page become those of this test. */
function here(example: Example): Example {
  return { ...example, code: example.code.replaceAll('http://127.0.0.1:8000', service.url) };
}

function environment(): Record<string, string> {
  return {
    PATH: [join(REPOSITORY, 'node_modules/.bin'), process.env.PATH].join(delimiter),
    REDIS_URL: service.redis.url,
    QUEUE_PREFIX: service.prefix,
    TEMP_DIR: service.blobFolder,
    SOTTO_SERVER: service.url,
  };
}

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
