import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '@sotto/testkit';
import { type Home, makeHome } from './home.ts';
import { run } from './run.ts';

const ADMIN = 'the admin key';
let service: Service;
let home: Home;

beforeAll(async () => {
  service = await startService({ workers: 0, apiEnv: { ENABLE_API_KEY: 'true', ADMIN_API_KEY: ADMIN } });
  home = await makeHome();
});
afterAll(async () => {
  await home?.remove();
  await service?.close({ leftovers: true });
});

const keys = (args: string[], key = ADMIN) =>
  run(home, ['keys', ...args], { SOTTO_SERVER: service.url, ADMIN_API_KEY: key });
const verify = async (key: string) =>
  (await fetch(`${service.url}/auth/verify`, { headers: { 'X-API-Key': key } })).status;

describe('sotto keys', () => {
  it('creates, lists, rotates and revokes', async () => {
    const created = await keys([
      'create',
      'Bazarr',
      '--concurrent-jobs',
      '4',
      '--scopes',
      'transcribe, read',
      '--minutes-per-day',
      '30',
    ]);
    const secret = created.stdout.trim();
    expect([created.code, await verify(secret)]).toEqual([0, 200]);
    const listed = await keys([]);
    const [, id = ''] =
      /^(\w{12}) +Bazarr +active +transcribe read +never +4 jobs, 30 min\/day$/m.exec(listed.stdout) ?? [];
    expect(listed.stdout).not.toContain(secret);
    const rotated = (await keys(['rotate', id])).stdout.trim();
    expect([await verify(secret), await verify(rotated)]).toEqual([403, 200]);
    expect(await keys(['revoke', id])).toMatchObject({ code: 0 });
    expect(await verify(rotated)).toBe(403);
  });

  it('tells what was used', async () => {
    expect(await keys(['usage'])).toMatchObject({ code: 0, stdout: '' });
    const secret = (await keys(['create', 'a, b'])).stdout.trim();
    const body = new FormData();
    body.append('file', new Blob([Buffer.from('RIFF\0\0\0\0WAVEfmt \0')]), 'a.wav');
    body.append('async', 'true');
    const posted = await fetch(`${service.url}/transcribe`, { method: 'POST', body, headers: { 'X-API-Key': secret } });
    expect(posted.status).toBe(202);
    expect((await keys(['usage'])).stdout).toMatch(/ +a, b +1 +0\.0 +0 +0\.0 +0\.00$/m);
    expect((await keys(['usage', '--csv'])).stdout).toMatch(/^[\d-]{10},\w{12},"a, b",1,0,0,0,EUR,0$/m);
    expect(await keys(['usage', '--by-voice'])).toMatchObject({ code: 0, stdout: '' });
    expect(await keys(['usage', '--by-voice', '--csv'])).toMatchObject({ code: 2, stdout: '' });
    expect(await keys(['usage', '--from', 'yesterday'])).toMatchObject({ code: 1, stdout: '' });
  });

  it('says in words what cannot be done', async () => {
    expect(await keys(['list'], 'a wrong key')).toMatchObject({ code: 3, stdout: '' });
    expect(await keys(['revoke', 'nothing'])).toMatchObject({ code: 1 });
    expect(await keys(['create', 'x', '--expires', 'tomorrow'])).toMatchObject({ code: 1, stdout: '' });
    expect(await run(home, ['keys'], { SOTTO_SERVER: home.url })).toMatchObject({ code: 3 });
  });
});
