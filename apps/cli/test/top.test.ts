import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Service, startService } from '@sotto/testkit';
import { type Home, makeHome } from './home.ts';
import { type Finished, run } from './run.ts';

const KEYS = { ENABLE_API_KEY: 'true', API_KEY: 'the-first-key-of-all', ADMIN_API_KEY: 'the-admin-key-of-all' };

describe('sotto top', () => {
  let service: Service;
  let home: Home;
  const top = (env: Record<string, string>, ...args: string[]): Promise<Finished> =>
    run(home, ['top', ...args], { SOTTO_SERVER: service.url, ...env });

  beforeAll(async () => {
    [service, home] = await Promise.all([startService({ workers: 1, apiEnv: KEYS }), makeHome()]);
  });
  afterAll(async () => {
    await service?.close();
    await home?.remove();
  });

  it('shows workers and lanes to an operator, once where nobody could see it change', async () => {
    const { code, stdout } = await top({ ADMIN_API_KEY: KEYS.ADMIN_API_KEY });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Sotto is (healthy|degraded) at \d\d:\d\d:\d\d UTC: 0 recordings, 0 s of audio waiting/);
    expect(stdout).toMatch(/^interactive +0 +0 s$/m);
    expect(stdout).toMatch(/^\S+ +ready +prepare,transcribe +cpu +sotto-nano +0\/[1-9]/m);
    const { stdout: json } = await top({ ADMIN_API_KEY: KEYS.ADMIN_API_KEY }, '--json');
    expect(JSON.parse(json)).toMatchObject({
      recordings: 0,
      lanes: [{ lane: expect.any(String) }, { lane: expect.any(String) }],
      workers: [{ state: 'ready', engines: [{ kind: 'transcribe', loaded_models: ['sotto-nano'] }] }],
      jobs: [],
    });
  });

  it('shows others what they may see', async () => {
    const { code, stdout } = await top({ API_KEY: KEYS.API_KEY }, '--once');
    expect(code).toBe(0);
    expect(stdout).toContain('Workers are only shown with an admin key (--admin-key).');
  });

  it('says when nothing answers', async () => {
    expect(await top({ SOTTO_SERVER: home.url })).toMatchObject({ code: 3, stdout: '' });
  });
});
