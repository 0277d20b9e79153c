import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { speak, startService } from '@sotto/testkit';
import { makeHome } from './home.ts';
import { run } from './run.ts';

const SAID = 'hello world one two three';

it('sotto transcribe takes addresses beside files', async () => {
  const { path } = await speak(SAID, { voice: 'en-us', speed: 130 });
  const bytes = await readFile(path);
  const site = createServer((_request, response) => response.end(bytes));
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const service = await startService({ apiEnv: { ALLOWED_NETWORKS: '127.0.0.1/32' } });
  const home = await makeHome();
  try {
    const address = `http://127.0.0.1:${(site.address() as AddressInfo).port}/talks/talk%20one.wav?token=1`;
    const sotto = (...args: string[]) => run(home, ['transcribe', '-q', '-s', service.url, ...args]);
    expect(await sotto(address, path)).toEqual({ code: 0, stdout: `${SAID}\n${SAID}`, stderr: '' });
    expect(await sotto('-o', home.folder, '-f', 'srt', address)).toMatchObject({ code: 0, stdout: '' });
    expect(await readFile(join(home.folder, 'talk one.srt'), 'utf8')).toContain(SAID);
    expect(await sotto('http://127.0.0.1:1/nothing.wav')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('The address could not be fetched.'),
    });
  } finally {
    site.closeAllConnections();
    site.close();
    await service.close();
    await home.remove();
  }
});
