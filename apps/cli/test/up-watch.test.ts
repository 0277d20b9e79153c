/** @alone It runs the whole service from source, and restarts all of it. */
import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { REPOSITORY, waitFor } from '@sotto/testkit';
import { childrenOf, makeHome } from './home.ts';

const isApp = ({ command }: { command: string }) => command.includes('/api/') || command.startsWith('sotto-worker');

describe('sotto up --watch', () => {
  it('starts the API and the worker anew when a source changes, and leaves Redis alone', async () => {
    const home = await makeHome();
    const child = await home.up(['--watch', '--no-self-test']);
    try {
      await waitFor(() => child.output.includes('Watching'), { what: 'the watcher' });
      const before = await childrenOf(child.pid);
      const apps = before.filter(isApp).map(({ pid }) => pid);
      expect(apps).toHaveLength(2);
      const now = new Date();
      await utimes(join(REPOSITORY, 'packages/contracts/src/index.ts'), now, now);
      await waitFor(() => child.output.includes('has changed'), { what: 'the change to be seen' });
      const after = await waitFor(
        async () => {
          const family = await childrenOf(child.pid);
          const fresh = family.filter((each) => isApp(each) && !apps.includes(each.pid));
          return fresh.length === 2 && family;
        },
        { what: 'new processes', timeoutMs: 60_000 },
      );
      const others = (family: typeof before) => family.filter((each) => !isApp(each)).map(({ pid }) => pid);
      expect(others(after)).toEqual(others(before));
      await waitFor(
        async () => ((await (await fetch(`${home.url}/health`)).json()) as { workers: number }).workers === 1,
        {
          what: 'the service to be whole again',
          timeoutMs: 60_000,
        },
      );
    } finally {
      await child.stop(60_000);
      await home.remove();
    }
  });
});
