import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ffmpeg, temporaryFolder, tone, writeWav } from '@sotto/testkit';
import { decodeArguments } from '../src/media/ffmpeg-arguments.ts';
import { findMediaTools, type MediaTools } from '../src/media/ffmpeg-binary.ts';
import { FfmpegProcess } from '../src/media/ffmpeg-process.ts';
import { parseWavHeader } from '../src/media/wav-header.ts';

const tools = await findMediaTools(process.env.PATH ?? '');
/** Linux with Landlock, and Python: elsewhere there is no cage, which the worker says when it starts. */
const locked = tools.cage === null ? describe.skip : describe;

let folder: string;
let own: string;
let others: string;
let server: Server;
let connections = 0;

beforeAll(async () => {
  folder = await temporaryFolder('cage');
  [own, others] = [join(folder, 'own.flac'), join(folder, 'others.flac')];
  const wav = join(folder, 'tone.wav');
  await writeWav(wav, tone(1000, 440));
  for (const path of [own, others]) await ffmpeg('-i', wav, path);
  server = createServer((_request, response) => void response.end());
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

/** What ffmpeg makes of these arguments, while it decodes `own`. */
async function run(args: string[], with_: MediaTools) {
  const process = new FfmpegProcess(with_, args, { mediaPath: own, maxCpuSeconds: 60, inBackground: false });
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdout) chunks.push(chunk as Buffer);
  const output = Buffer.concat(chunks);
  const bytes = output.length - (parseWavHeader(output)?.dataOffset ?? 0);
  return { exitCode: await process.ended, bytes, stderr: process.stderr };
}

const decodeOf = (path: string) => decodeArguments(path, 'flac', { maxDurationMs: 60_000, isSplit: false });
const fetchOf = () => [
  '-f',
  'flac',
  '-i',
  `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  '-f',
  'null',
  '-',
];

locked('an ffmpeg that a recording has taken over', () => {
  it('reads its own recording, and no other', async () => {
    expect(await run(decodeOf(own), tools)).toMatchObject({ exitCode: 0, bytes: 4 * 16_000 });
    const refused = await run(decodeOf(others), tools);
    expect(refused.exitCode).not.toBe(0);
    expect(refused).toMatchObject({ bytes: 0, stderr: expect.stringContaining('Permission denied') });
    // It is the cage that keeps it out.
    expect(await run(decodeOf(others), { ...tools, cage: null })).toMatchObject({ exitCode: 0, bytes: 4 * 16_000 });
  });

  it('reaches nobody', async () => {
    await run(fetchOf(), tools);
    expect(connections).toBe(0);
    await run(fetchOf(), { ...tools, cage: null });
    expect(connections).toBeGreaterThan(0);
  });

  it('writes nothing, and sees no process', async () => {
    for (const wanted of [join(folder, 'written'), '/proc/self/environ', '/etc/passwd']) {
      const { exitCode, stderr } = await run(
        ['-f', 'data', '-i', `file:${wanted}`, '-map', '0', '-f', 'data', '-'],
        tools,
      );
      expect([wanted, exitCode === 0]).toEqual([wanted, false]);
      expect(stderr).toMatch(/Permission denied|No such file/);
    }
    const written = await run(['-i', own, '-f', 'flac', join(folder, 'written')], tools);
    expect(written.exitCode).not.toBe(0);
  });
});
