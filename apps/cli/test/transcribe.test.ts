/** @long */
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { wireVerboseTranscriptSchema } from '@sotto/contracts';
import { freePort, type Service, speak, startService, waitFor } from '@sotto/testkit';
import { type Home, makeHome } from './home.ts';
import { type Finished, run } from './run.ts';

const ENGLISH = 'hello world one two three';
const GERMAN = 'eins zwei drei vier';

describe('sotto transcribe, with a service that runs', () => {
  let service: Service;
  let home: Home;
  let english: string;
  let german: string;
  const sotto = (...args: string[]): Promise<Finished> => run(home, ['transcribe', '--server', service.url, ...args]);

  beforeAll(async () => {
    service = await startService();
    home = await makeHome();
    english = (await speak(ENGLISH, { voice: 'en-us', speed: 130, path: join(home.folder, 'english.wav') })).path;
    german = (await speak(GERMAN, { voice: 'de', speed: 130, path: join(home.folder, 'german.wav') })).path;
  });
  afterAll(async () => {
    await service.close();
    await home.remove();
  });

  it('prints the text on stdout and its progress on stderr', async () => {
    const { code, stdout, stderr } = await sotto(english);
    expect({ code, stdout }).toEqual({ code: 0, stdout: ENGLISH });
    expect(stderr).toContain('english.wav: 100 %');
  });

  it('says nothing but the text when quiet', async () => {
    expect(await sotto('--quiet', english)).toEqual({ code: 0, stdout: ENGLISH, stderr: '' });
  });

  it('takes several files, in their order', async () => {
    const { code, stdout } = await sotto(german, english);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${GERMAN}\n${ENGLISH}` });
  });

  it('gives other formats', async () => {
    const { stdout } = await sotto('--format', 'srt', english);
    expect(stdout).toMatch(/^1\n00:00:0\d,\d{3} --> 00:00:0\d,\d{3}\nhello world one two three/);
  });

  it('cuts captions as they are asked for', async () => {
    const narrow = await sotto('-f', 'srt', '--max-line-width', '10', '--max-line-count', '1', english);
    const lines = narrow.stdout.split('\n').filter((line) => /^[a-z]/.test(line));
    expect(lines.length).toBeGreaterThan(2);
    expect(lines.every((line) => line.length <= 10)).toBe(true);
    expect(lines.join(' ')).toBe(ENGLISH);
    const lit = await sotto('-f', 'vtt', '--highlight-words', english);
    expect(lit.stdout.match(/<\d\d:\d\d:\d\d\.\d{3}>/g)?.length).toBeGreaterThan(3);
  });

  it('knows what no caption can be before anything is sent', async () => {
    const wide = await sotto('-f', 'srt', '--max-line-width', '5', english);
    expect(wide).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('expected number to be >=10') });
    const short = await sotto('--min-cue-duration', '9', '--max-cue-duration', '2', english);
    expect(short).toMatchObject({
      code: 2,
      stdout: '',
      stderr: '--min-cue-duration: 9 s is more than --max-cue-duration, 2 s',
    });
  });

  it('passes language, task and words on', async () => {
    const { stdout } = await sotto('-f', 'verbose_json', '-l', 'german', '--task', 'translate', '--words', german);
    const transcript = wireVerboseTranscriptSchema.parse(JSON.parse(stdout));
    expect(transcript).toMatchObject({ language: 'de', task: 'translate' });
    expect(transcript.text.trim()).toMatch(/^one two /);
    expect(transcript.words.map(({ word }) => word).join(' ')).toBe(transcript.text.trim());
  });

  it('writes files into a folder', async () => {
    const folder = join(home.folder, 'texts');
    const { code, stdout, stderr } = await sotto('-f', 'vtt', '-o', folder, english, german);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toContain('english.wav -> ');
    expect((await readdir(folder)).sort()).toEqual(['english.vtt', 'german.vtt']);
    expect(await readFile(join(folder, 'german.vtt'), 'utf8')).toMatch(/^WEBVTT\n/);
  });

  it.each([
    ['ass', /^\[Script Info\]\n[\s\S]*hello world/],
    ['csv', /^start,end,text,confidence\r?\n[\d.]+,[\d.]+,"?hello world/],
    ['md', /^# english\.wav\n\n[\s\S]*hello world/],
    ['docx', /^PK[\s\S]*word\/document\.xml/],
  ])('writes %s', async (format, content) => {
    const folder = join(home.folder, format);
    expect(await sotto('-q', '-f', format, '-o', folder, english)).toMatchObject({ code: 0, stdout: '' });
    expect(await readFile(join(folder, `english.${format}`), 'latin1')).toMatch(content);
  });

  it('goes on after a recording that is none, and ends with 1', async () => {
    const text = join(home.folder, 'text.mp3');
    await writeFile(text, 'This is no recording. '.repeat(100));
    const { code, stdout, stderr } = await sotto(text, english);
    expect({ code, stdout }).toEqual({ code: 1, stdout: ENGLISH });
    expect(stderr).toContain(`${text}: The file is not audio or video.`);
  });

  it('ends with 1 when the service does not have the model', async () => {
    const { code, stdout, stderr } = await sotto('--model', 'large-v3', english);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('The model is not installed here.');
  });

  it('ends with 4 before anything is sent when a file cannot be read', async () => {
    const folder = join(home.folder, 'folder');
    const secret = join(home.folder, 'secret.wav');
    await mkdir(folder);
    await writeFile(secret, 'x');
    await chmod(secret, 0o000);
    const { code, stdout, stderr } = await sotto(english, 'missing.wav', folder, secret);
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toContain('missing.wav: there is no such file');
    expect(stderr).toContain(`${folder}: is a folder; sotto batch takes folders`);
    // root reads everything.
    if (process.getuid?.() !== 0) expect(stderr).toContain(`${secret}: you may not read it`);
  });

  it('ends with 3 when the named service does not answer, and says what else there is', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const told = (named: string) =>
      `No Sotto answers: ${url} cannot be reached (ECONNREFUSED).\n` +
      `Start one there, or leave out ${named}: the service on this machine is used then, or a temporary one is started.`;
    expect(await run(home, ['transcribe', '-s', url, english])).toEqual({
      code: 3,
      stdout: '',
      stderr: told('--server'),
    });
    expect(await run(home, ['transcribe', english], { SOTTO_SERVER: url })).toMatchObject({
      code: 3,
      stderr: told('SOTTO_SERVER'),
    });
  });

  it('ends with 3 when something else answers', async () => {
    const site = createServer((_request, response) => response.writeHead(404).end('<html>Not here</html>'));
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    const { code, stderr } = await run(home, ['transcribe', '-s', url, english]);
    site.close();
    expect(code).toBe(3);
    expect(stderr).toContain(
      `What answers at ${url} is not Sotto: unexpected answer (HTTP 404): <html>Not here</html>`,
    );
  });

  it('ends with 2 when the command line cannot be understood', async () => {
    expect(await sotto('--format', 'pdf', english)).toMatchObject({ code: 2, stdout: '' });
    expect(await sotto()).toMatchObject({ code: 2, stdout: '' });
    expect(await sotto('--beam-size', 'many', english)).toMatchObject({ code: 2, stdout: '' });
    expect(await run(home, ['transcripe', english])).toMatchObject({ code: 2, stdout: '' });
    const forgotten = await run(home, ['transcribe', '--server', english]);
    expect(forgotten).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('http://127.0.0.1:8000') });
  });

  it('cancels its job and ends with 130 when it is interrupted', async () => {
    // Without a worker nothing is ever finished.
    const idle = await startService({ workers: 0 });
    try {
      const child = await home.sotto(['transcribe', '-s', idle.url, english]);
      const statuses = async (): Promise<string[]> => {
        const answer = (await (await fetch(`${idle.url}/jobs`)).json()) as { jobs: { status: string }[] };
        return answer.jobs.map(({ status }) => status);
      };
      await waitFor(async () => (await statuses()).length === 1, { what: 'the job to be there' });
      child.signal('SIGINT');
      expect((await child.ended).code).toBe(130);
      expect(await statuses()).toEqual(['cancelled']);
    } finally {
      await idle.close();
    }
  });

  it('sends its key, and ends with 3 when it is turned away', async () => {
    const key = 'a-key-of-this-test';
    const locked = await startService({ workers: 0, apiEnv: { ENABLE_API_KEY: 'true', API_KEY: key } });
    try {
      const refused = await run(home, ['transcribe', '-s', locked.url, english]);
      expect(refused).toMatchObject({ code: 3, stdout: '' });
      expect(refused.stderr).toContain('An API key is required.');
      await locked.addWorker();
      expect(await run(home, ['transcribe', '-s', locked.url, '-q', english], { API_KEY: key })).toEqual({
        code: 0,
        stdout: ENGLISH,
        stderr: '',
      });
    } finally {
      await locked.close();
    }
  });
});
