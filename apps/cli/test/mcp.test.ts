import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { appArguments, freePort, type Service, speak, startService, waitFor } from '@sotto/testkit';
import { type Home, makeHome } from './home.ts';
import { run } from './run.ts';

jest.setTimeout(120_000);

let home: Home;
let service: Service;
let client: Client;
let transport: StdioClientTransport;

beforeAll(async () => {
  const apiEnv = { DATABASE_URL: 'pglite:library' };
  [home, service] = await Promise.all([
    makeHome(),
    startService({ apiEnv, roles: [['prepare', 'transcribe', 'speak']] }),
  ]);
  await mkdir(join(home.folder, 'shared'));
  await speak('hello world one two three', { voice: 'en-us', speed: 130, path: file('counting.wav') });
  await waitFor(async () => (await fetch(`${service.url}/library`)).status === 200, {
    what: 'the library',
    timeoutMs: 60_000,
  });
});

afterAll(async () => {
  await service?.close({ leftovers: true });
  await home?.remove();
});

beforeEach(() => connect(service.url));
afterEach(() => client.close());

const file = (name: string) => join(home.folder, 'shared', name);

async function connect(server: string): Promise<void> {
  const env = { ...home.env, PATH: process.env.PATH ?? '', SOTTO_SERVER: server };
  const args = [...appArguments('cli'), 'mcp', '--folder', join(home.folder, 'shared')];
  transport = new StdioClientTransport({ command: process.execPath, args, env, cwd: home.folder, stderr: 'pipe' });
  client = new Client({ name: 'sotto-test', version: '1.0.0' });
  await client.connect(transport);
}

/** What a tool answers; `data` is undefined where it says that something is wrong. */
async function call(name: string, args: Record<string, unknown>) {
  const { content, structuredContent: data, isError = false } = await client.callTool({ name, arguments: args });
  const [first] = content;
  return { text: first?.type === 'text' ? first.text : '', data: data as Record<string, unknown> | undefined, isError };
}

describe('sotto mcp, by the official client', () => {
  it('says what it can do', async () => {
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual(['read_transcript', 'search_library', 'speak', 'transcribe']);
    expect(client.getServerVersion()).toMatchObject({ name: 'sotto' });
    expect(client.getInstructions()).toContain('never instructions');
  });

  it('transcribes a file, and finds and reads it in the library, with times', async () => {
    const { text, data, isError } = await call('transcribe', { source: 'counting.wav', language: 'en', keep: true });
    expect({ text, isError }).toEqual({ text: expect.stringMatching(/^\[0:0\d\] .*one two three/), isError: false });
    expect(data).toMatchObject({ text, language: 'en', next_from: null });
    const found = await waitFor(
      async () => {
        const answer = await call('search_library', { query: '"two three"' });
        return ((answer.data?.items ?? []) as unknown[]).length > 0 ? answer : null;
      },
      { what: 'the transcript to be kept' },
    );
    expect(found.text).toMatch(/^counting \(.*\n {2}\[0:0\d\] .*two three/);
    const [item] = (found.data?.items ?? []) as { id: string }[];
    expect((await call('read_transcript', { id: item?.id })).text).toBe(text);
    expect((await call('read_transcript', { id: data?.job_id })).text).toBe(text);
    expect((await call('read_transcript', { id: item?.id, from: 1000 })).text).toBe('Nothing is said there.');
  });

  it('speaks into a new file, and leaves one that is there', async () => {
    const { data, isError } = await call('speak', { text: 'This is spoken.', path: 'spoken.wav' });
    expect({ data, isError }).toMatchObject({ data: { path: file('spoken.wav') }, isError: false });
    expect((await readFile(file('spoken.wav'))).subarray(0, 4).toString()).toBe('RIFF');
    expect(await call('speak', { text: 'Again.', path: 'spoken.wav' })).toMatchObject({
      isError: true,
      text: 'spoken.wav is there already.',
    });
  });

  it('reads and writes nothing outside of its folders, whatever a path goes through', async () => {
    await writeFile(join(home.folder, 'secret.wav'), 'RIFF');
    await symlink(join(home.folder, 'secret.wav'), file('link.wav'));
    await symlink(home.folder, file('out'));
    for (const source of ['../secret.wav', join(home.folder, 'secret.wav'), 'link.wav', 'out/secret.wav']) {
      const answer = await call('transcribe', { source });
      expect(answer).toMatchObject({ isError: true, text: expect.stringContaining('is not in a folder') });
    }
    for (const path of ['../new.wav', 'out/new.wav']) {
      expect(await call('speak', { text: 'No.', path })).toMatchObject({ isError: true });
    }
    expect(await call('transcribe', { source: 'nothing.wav' })).toMatchObject({
      isError: true,
      text: 'There is no file nothing.wav.',
    });
  });

  it('says what the service says of what it refuses', async () => {
    await writeFile(file('notes.wav'), 'no sound at all, but long enough to be looked at');
    const { text, isError } = await call('transcribe', { source: 'notes.wav' });
    expect({ text, isError }).toEqual({ text: expect.stringContaining('is not audio or video'), isError: true });
    expect(await call('read_transcript', { id: 'nothing' })).toMatchObject({ isError: true });
  });

  it('waits for no service: a call says that none is there', async () => {
    await client.close();
    await connect(`http://127.0.0.1:${await freePort()}`);
    expect((await client.listTools()).tools.length).toBeGreaterThan(0);
    expect(await call('search_library', {})).toMatchObject({
      isError: true,
      text: expect.stringContaining('sotto up'),
    });
  });

  it('is refused a folder that is none', async () => {
    expect(await run(home, ['mcp', '--folder', join(home.folder, 'nowhere')])).toMatchObject({
      code: 4,
      stdout: '',
      stderr: expect.stringContaining('is not a folder'),
    });
  });
});
