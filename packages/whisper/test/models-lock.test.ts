import { type ChildProcess, spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { smallGgml, temporaryFolder } from './models-fixtures.ts';
import { serve, startFileServer } from './models-server.ts';

let file: Buffer;
let sha256: string;
beforeAll(async () => {
  ({ bytes: file, sha256 } = await smallGgml());
});

jest.setTimeout(120_000);
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

const CHILD = new URL('models-install-child.ts', import.meta.url).pathname;

interface Installer {
  child: ChildProcess;
  /** Resolves when the process has printed a line that starts so. */
  saw(start: string): Promise<void>;
  ended: Promise<{ code: number | null; output: string }>;
}

function startInstaller(modelDir: string, baseUrl: string): Installer {
  const args = ['--import', 'tsx', '--conditions=@sotto/source', CHILD, modelDir, baseUrl, String(file.length), sha256];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let output = '';
  const waiting: { start: string; resolve: () => void }[] = [];
  const tell = () => {
    for (const { start, resolve } of waiting) if (output.split('\n').some((line) => line.startsWith(start))) resolve();
  };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
    tell();
  });
  return {
    child,
    saw: (start) =>
      new Promise((resolve) => {
        waiting.push({ start, resolve });
        tell();
      }),
    ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, output }))),
  };
}

describe('many processes that want one model', () => {
  it('ten of them fetch it once: one downloads, nine wait and find it', async () => {
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const server = await startFileServer(async (request, response, count) => {
      await released;
      await serve(file)(request, response, count);
    });
    const modelDir = await temporaryFolder();
    const installers = Array.from({ length: 10 }, () => startInstaller(modelDir, server.baseUrl));
    // The server answers when nine have found the lock taken and the tenth is connecting: all are there at once.
    await Promise.all(installers.map(({ saw }) => Promise.race([saw('waiting'), saw('connecting')])));
    release();
    const ends = await Promise.all(installers.map(({ ended }) => ended));
    expect(ends.map(({ code }) => code)).toEqual(Array(10).fill(0));
    for (const { output } of ends) expect(output).toContain(`installed ${sha256}`);
    expect(server.requests).toHaveLength(1);
    expect(ends.filter(({ output }) => output.includes('waiting'))).toHaveLength(9);
    expect((await readdir(modelDir)).sort()).toEqual(['.ggml-trial.bin.sha256.json', 'ggml-trial.bin']);
  });

  it('one that is killed in the middle is succeeded by a waiting one, which goes on where it ended', async () => {
    const server = await startFileServer((request, response, count) => {
      if (count > 1) return serve(file)(request, response, count);
      response.writeHead(200, { etag: '"one"', 'content-length': file.length });
      response.write(file.subarray(0, 300_000));
    });
    const modelDir = await temporaryFolder();
    const first = startInstaller(modelDir, server.baseUrl);
    await first.saw('downloading');
    const second = startInstaller(modelDir, server.baseUrl);
    await second.saw('waiting');
    first.child.kill('SIGKILL');
    const { code, output } = await second.ended;
    expect({ code, installed: output.includes(`installed ${sha256}`) }).toEqual({ code: 0, installed: true });
    expect(server.requests[1]?.range).toMatch(/^bytes=[1-9]\d*-$/);
  });
});
