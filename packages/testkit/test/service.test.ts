import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isAlive } from '../src/child.ts';
import { curl } from '../src/curl.ts';
import { startService } from '../src/service.ts';
import { speak } from '../src/speech.ts';

describe('startService', () => {
  it('transcribes, and leaves no process, file or lasting key behind', async () => {
    const service = await startService();
    const { path } = await speak('hello world one two three', { voice: 'en-us', speed: 130 });
    const answer = await curl('-F', `file=@${path}`, '-F', 'response_format=text', `${service.url}/transcribe`);
    expect(answer).toMatchObject({ exitCode: 0, status: 200 });
    expect(answer.body.trim()).toBe('hello world one two three');
    const pids = [service.redis.pid, ...[...service.apis, ...service.workers].map(({ process }) => process.pid)];
    await service.close();
    expect(pids.filter(isAlive)).toEqual([]);
    expect(existsSync(service.folder)).toBe(false);
  });

  it('names what was left when it closes', async () => {
    const service = await startService({ workers: 0 });
    await mkdir(join(service.blobFolder, 'uploads'), { recursive: true });
    await writeFile(join(service.blobFolder, 'uploads/forgotten'), 'x');
    await service.redis.client().set(`${service.prefix}:run:forgotten`, 'x');
    const failure = await service.close({ timeoutMs: 300 }).catch((error: Error) => error);
    expect(failure).toMatchObject({
      message: `Left behind:\nblob uploads/forgotten\nkey ${service.prefix}:run:forgotten`,
    });
    expect([service.redis.pid, ...service.apis.map(({ process }) => process.pid)].filter(isAlive)).toEqual([]);
    expect(existsSync(service.folder)).toBe(false);
  });

  it('keeps working when a worker is killed and another one comes', async () => {
    const service = await startService();
    await service.workers[0]?.process.kill9();
    await service.addWorker();
    const { path } = await speak('hello world one two three', { voice: 'en-us', speed: 130 });
    const answer = await curl('-F', `file=@${path}`, `${service.url}/transcribe`);
    expect(JSON.parse(answer.body)).toMatchObject({ text: 'hello world one two three', language: 'en' });
    await service.close();
  });
});
