import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  type Child,
  concat,
  encodeWav,
  freePort,
  pause,
  runCommand,
  type Service,
  speak,
  startService,
  temporaryFolder,
  waitFor,
} from '@sotto/testkit';
import { csharpFaults, type Example, examplesOf, givePackages, startExample } from './support/examples.ts';

jest.setTimeout(60_000);

const SAID = 'hello world one two three';
const LANGUAGES = ['csharp', 'js', 'python', 'sh'];
/** curl and Python's standard library cannot show live ones; other clients of Deepgram's differ in nothing but their language. */
const FEWER: Record<string, string[]> = { websocket: ['csharp', 'js'], deepgram: ['js', 'sh'] };
/** What a mode's programs print; all others the text of the recording. */
const PRINTED: Record<string, string> = { refusal: 'invalid_file_format' };
/** These programs wait for a call instead of making one. */
const RECEIVERS = 'webhook';

const examples = await examplesOf('API.md');
const programs = examples.filter(({ action, name }) => action === 'run' && name !== RECEIVERS);
const modes = [...new Set(examples.filter(({ action }) => action !== 'save').map(({ name }) => name))];
const WEBHOOK_SECRET = `whsec_${randomBytes(32).toString('base64')}`;

let service: Service;
let site: Server;
let samples: Int16Array;
let root: string;
let folders = 0;

beforeAll(async () => {
  root = await temporaryFolder('examples');
  await givePackages(root);
  ({ samples } = await speak(SAID, { voice: 'en-us', speed: 130 }));
  service = await startService({ env: { ALLOWED_NETWORKS: '127.0.0.1', WEBHOOK_SECRET } });
  site = createServer((_request, response) => response.end(encodeWav(samples)));
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  site?.close();
  await service?.close();
  await rm(root, { recursive: true, force: true });
});

/** Addresses of the page become those of this test. */
function here(code: string, port = 9000): string {
  return code
    .replaceAll('http://127.0.0.1:8000', service.url)
    .replaceAll('https://example.org', `http://127.0.0.1:${(site.address() as AddressInfo).port}`)
    .replaceAll('9000', String(port));
}

/** What the programs find beside them; each recording is one of its own, so that none finds its work done. */
async function folderOfExample(): Promise<string> {
  folders += 1;
  const folder = join(root, String(folders));
  await mkdir(folder);
  for (const [name, more] of [
    ['talk.wav', 0],
    ['other.wav', 10],
  ] as const) {
    await writeFile(join(folder, name), encodeWav(concat(samples, pause(100 + 20 * folders + more))));
  }
  await writeFile(join(folder, 'notes.txt'), 'This is no recording. '.repeat(50));
  for (const { name, code } of examples.filter(({ action }) => action === 'save')) {
    await writeFile(join(folder, name), here(code));
  }
  return folder;
}

async function start(example: Example, port?: number): Promise<Child> {
  return startExample({ ...example, code: here(example.code, port) }, await folderOfExample(), { WEBHOOK_SECRET });
}

it('the page shows every mode in every language', () => {
  for (const mode of modes) {
    const shown = examples.filter(({ name }) => name === mode).map(({ language }) => language);
    expect({ mode, shown: shown.sort() }).toEqual({ mode, shown: FEWER[mode] ?? LANGUAGES });
  }
});

describe.each(programs.map((example) => ({ ...example, title: `${example.name} (${example.language})` })))(
  '$title',
  (example) => {
    it('prints what it should', async () => {
      const program = await start(example);
      const { code } = await program.ended;
      expect({ code, stderr: example.language === 'sh' ? '' : program.stderr }).toEqual({ code: 0, stderr: '' });
      expect(program.stdout).toContain(PRINTED[example.name] ?? SAID);
    });
  },
);

describe.each(examples.filter(({ name, language }) => name === RECEIVERS && ['js', 'python'].includes(language)))(
  'receiver of webhooks ($language)',
  (example) => {
    it('believes what is signed, and nothing else', async () => {
      const port = await freePort();
      const receiver = await start(example, port);
      await waitFor(() => receiver.stdout.includes('listening'), { what: 'the receiver to listen' });
      const headers = { 'webhook-id': 'msg_1', 'webhook-timestamp': String(Math.floor(Date.now() / 1000)) };
      for (const signature of ['', `v1,${randomBytes(32).toString('base64')}`, 'v1,short']) {
        const forged = { method: 'POST', headers: { ...headers, 'webhook-signature': signature }, body: '{}' };
        expect((await fetch(`http://127.0.0.1:${port}/`, forged)).status).toBe(401);
      }
      for (const sender of examples.filter(({ name, language }) => name === RECEIVERS && language === 'sh')) {
        expect((await (await start(sender, port)).ended).code).toBe(0);
      }
      await waitFor(() => receiver.stdout.includes(SAID), { what: 'the text to be fetched', timeoutMs: 30_000 });
      await receiver.kill9();
    });
  },
);

describe('programs that are not run', () => {
  it.each(examples.filter(({ language }) => language === 'csharp'))('C# of $name has no faults', async ({ code }) => {
    expect(await csharpFaults(code)).toEqual([]);
  });

  it('a fault in C# would be found', async () => {
    expect(await csharpFaults('var answer = ;\nusing var http = new HttpClient( { };')).not.toEqual([]);
  });

  it.each(examples.filter(({ language, action }) => language === 'python' && action === 'parse'))(
    'Python of $name has no faults',
    async ({ code }) => {
      const { code: exit, stderr } = await runCommand('python3', [
        '-c',
        'import ast, sys; ast.parse(sys.argv[1])',
        code,
      ]);
      expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    },
  );
});
