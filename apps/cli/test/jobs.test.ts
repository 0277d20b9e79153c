import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, speak, startService, waitFor } from '@sotto/testkit';
import { type Home, makeHome } from './home.ts';
import { type Finished, run } from './run.ts';

const SAID = 'hello world one two three';
const NOBODY = '00000000-0000-4000-8000-000000000000';

describe('sotto jobs', () => {
  let service: Service;
  let home: Home;
  let path: string;
  const jobs = (...args: string[]): Promise<Finished> => run(home, ['jobs', ...args], { SOTTO_SERVER: service.url });

  beforeAll(async () => {
    service = await startService({ workers: 0 });
    home = await makeHome();
    path = (await speak(SAID, { voice: 'en-us', speed: 130, path: join(home.folder, 'english.wav') })).path;
  });
  afterAll(async () => {
    await service?.close();
    await home?.remove();
  });

  async function submitted(url = service.url): Promise<string> {
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(await readFile(path))]), 'english.wav');
    for (const [name, value] of Object.entries({ async: 'true', cache: 'false' })) form.append(name, value);
    const answer = await fetch(`${url}/transcribe`, { method: 'POST', body: form });
    return ((await answer.json()) as { job_id: string }).job_id;
  }

  it('lists, shows and cancels', async () => {
    expect(await jobs()).toMatchObject({ code: 0, stdout: '', stderr: 'There are no jobs.' });
    const [first, second] = [await submitted(), await submitted()];
    const listed = await jobs('list', '--status', 'processing');
    const row = (id: string) => new RegExp(`^${id} +processing +0 % +\\d{4}-.* english\\.wav$`, 'm');
    expect([listed.stdout.search(row(second)), listed.stdout.search(row(first))].every((at) => at > 0)).toBe(true);
    expect((await jobs('-n', '1', '--json')).stdout).toContain(second);
    expect((await jobs('-n', '1', '--json')).stdout).not.toContain(first);
    expect(JSON.parse((await jobs('show', first)).stdout)).toMatchObject({ job_id: first, status: 'processing' });
    expect(await jobs('cancel', first, second)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('cancelled'),
    });
    expect(await jobs('list', '--status', 'processing')).toMatchObject({ code: 0, stdout: '' });
    expect(await jobs('wait', '-q', first)).toMatchObject({ code: 1, stderr: expect.stringContaining('cancelled') });
  });

  it('says what cannot be had, and tries the others', async () => {
    const id = await submitted();
    const early = await jobs('result', NOBODY, id);
    expect(early).toMatchObject({ code: 1, stdout: '' });
    expect(early.stderr).toContain(`${NOBODY}: There is no such job.`);
    expect(early.stderr).toContain(`${id}: The job has no result yet.`);
    expect(await jobs('cancel', NOBODY, id)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${id} is cancelled.`),
    });
    expect(await run(home, ['jobs', 'show', id])).toEqual({
      code: 3,
      stdout: '',
      stderr:
        `No Sotto answers: ${home.url} cannot be reached (ECONNREFUSED).\n` +
        'Start it with npm start, or name a service with --server. sotto doctor finds out what is wrong.',
    });
    expect(await jobs('list', '--status', 'sleeping')).toMatchObject({ code: 2 });
  });

  it('waits, and prints the result in any format', async () => {
    const id = await submitted();
    const waiting = await home.sotto(['jobs', 'wait', id], { SOTTO_SERVER: service.url });
    await service.addWorker();
    expect(await waiting.ended).toEqual({ code: 0, signal: null });
    expect(waiting.stderr).toContain(`${id} is completed.`);
    expect(await jobs('result', id)).toMatchObject({ code: 0, stdout: SAID });
    expect((await jobs('result', id, '-f', 'vtt')).stdout).toMatch(/^WEBVTT\n/);
    const narrow = await jobs('result', id, '-f', 'srt', '--max-line-width', '10', '--max-line-count', '1');
    expect(narrow.stdout).toContain('\none two\n');
    expect(await jobs('result', id, '--min-cue-gap', '5')).toMatchObject({ code: 2, stdout: '' });
    expect((await jobs('result', id, '-f', 'docx')).stdout).toMatch(/^PK/);
    const { words } = JSON.parse((await jobs('result', id, '-f', 'json', '--words')).stdout) as { words: unknown[] };
    expect(words).toHaveLength(5);
    expect((await jobs('cancel', id)).stderr).toBe(`${id} is deleted.`);
  });

  it('ends at Ctrl-C and leaves the job alone', async () => {
    const idle = await startService({ workers: 0 });
    try {
      const id = await submitted(idle.url);
      const waiting = await home.sotto(['jobs', 'wait', id], { SOTTO_SERVER: idle.url });
      await waitFor(() => waiting.stderr.includes(id), { what: 'it to wait', timeoutMs: 30_000 });
      waiting.signal('SIGINT');
      expect(await waiting.ended).toEqual({ code: 130, signal: null });
      const status = (await (await fetch(`${idle.url}/jobs/${id}`)).json()) as { status: string };
      expect(status.status).toBe('processing');
      await fetch(`${idle.url}/jobs/${id}`, { method: 'DELETE' });
    } finally {
      await idle.close();
    }
  });
});
