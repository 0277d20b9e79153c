import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterEach, it, jest } from '@jest/globals';
import {
  Child,
  describeWith,
  freePort,
  pythonPackages,
  REPOSITORY,
  type Service,
  startService,
  waitFor,
} from '@sotto/testkit';

jest.setTimeout(90_000);

const FINDER = fileURLToPath(new URL('./support/find-wyoming.py', import.meta.url));

let service: Service | undefined;
let finder: Child | undefined;

afterEach(async () => {
  await finder?.stop();
  await service?.close();
});

describeWith(
  await pythonPackages({ name: 'zeroconf-0.154.0', requirements: ['zeroconf==0.154.0'], modules: ['zeroconf'] }),
  "Home Assistant's discovery",
  (env) => {
    it('finds Wyoming by its name, and learns when it is gone', async () => {
      const port = await freePort();
      const name = `Sotto ${randomUUID()}`;
      finder = await Child.start({
        name: 'a client of the network',
        command: 'python3',
        args: [FINDER, name],
        env,
        cwd: REPOSITORY,
      });
      service = await startService({ apiEnv: { WYOMING_PORT: String(port), WYOMING_ZEROCONF: name } });
      const printed = (line: string) => async () => finder?.stdout.split('\n').includes(line) ?? false;
      await waitFor(printed(`127.0.0.1 ${port}`), { what: 'it to be found', timeoutMs: 30_000 });
      await service.close();
      service = undefined;
      await waitFor(printed('gone'), { what: 'it to be gone', timeoutMs: 30_000 });
    });
  },
);
