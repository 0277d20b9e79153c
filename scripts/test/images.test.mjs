import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../setup/root.mjs';
import { servicesWith } from './compose-file.mjs';

const textOf = (path) => readFileSync(join(root, path), 'utf8');

describe.skip('the images, built and run', () => {
  it('skipped: `pnpm test:images` does it; it needs Docker and several minutes', () => {});
});

const RUNNING = ['api', 'web', 'worker', 'all-in-one'];

describe('Dockerfile', () => {
  const stages = [...textOf('Dockerfile').matchAll(/^FROM (\S+)(?: AS (\S+))?$/gm)].map(([, from, name]) => ({
    from,
    name,
  }));
  /** What a stage is made of, the stage itself included. */
  const ancestors = (name) => {
    const stage = stages.find((each) => each.name === name);
    return stage === undefined ? [] : [name, ...ancestors(stage.from)];
  };

  it('has what docker-compose.yml builds', () => {
    const targets = Object.values(servicesWith({})).flatMap(({ build }) => (build ? [build.target] : []));
    expect(targets.sort()).toEqual(['api', 'worker', 'worker-cuda']);
    expect(stages.map(({ name }) => name)).toEqual(expect.arrayContaining(targets));
  });

  it('makes images that run of nothing that builds, and the all-in-one one when no target is named', () => {
    for (const name of RUNNING) expect(ancestors(name).at(-1)).toBe('runtime');
    expect(stages.find(({ name }) => name === 'runtime')?.from).toBe('scratch');
    expect(stages.at(-1)).toEqual({ from: 'all-in-one', name: undefined });
  });

  it('never runs as root, and knows whether it is alive', () => {
    const text = textOf('Dockerfile');
    for (const name of [...RUNNING, 'worker-cuda']) {
      const [, body = ''] = new RegExp(`^FROM \\S+ AS ${name}\\n(.*?)(?=^FROM )`, 'ms').exec(text) ?? [];
      expect(body).toMatch(/^USER (node|1000)$/m);
      expect(body).toMatch(/^HEALTHCHECK /m);
    }
  });
});

describe('the report in docs/images.md', () => {
  const [, report = ''] = /<!-- report -->(.*)<!-- \/report -->/s.exec(textOf('docs/images.md')) ?? [];
  const rows = [...report.matchAll(/^\| `([\w-]+)` \| (\d+) MB \| (\d+) MB \| (\d+) \|.*\| (.+) \|$/gm)];

  it('says of each image that it was built, keeps within its size, is not root and has no problem', () => {
    expect(rows.map(([, name]) => name).sort()).toEqual([...RUNNING].sort());
    for (const [, , megabytes, limit, uid, problems] of rows) {
      expect(Number(megabytes)).toBeLessThanOrEqual(Number(limit));
      expect(Number(uid)).toBeGreaterThan(0);
      expect(problems).toBe('none');
    }
  });
});
