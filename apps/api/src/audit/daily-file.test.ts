import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DailyFile } from './daily-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sotto-audit-'));
});
afterEach(() => rm(folder, { recursive: true }));

const noon = (day: string) => new Date(`${day}T12:00:00Z`);
const lines = async (name: string) => (await readFile(join(folder, 'log', name), 'utf8')).split('\n').slice(0, -1);

describe('DailyFile', () => {
  it('has a file for each day, only for its owner, which several processes may write', async () => {
    const [one, other] = [1, 2].map(() => new DailyFile(join(folder, 'log/audit.jsonl'), 10));
    await Promise.all(
      Array.from({ length: 100 }, (_, i) => (i % 2 ? one : other)?.append([`line ${i}`], noon('2026-11-21'))),
    );
    await one?.append(['next'], noon('2026-11-22'));
    const written = await lines('audit-2026-11-21.jsonl');
    expect(new Set(written)).toEqual(new Set(Array.from({ length: 100 }, (_, i) => `line ${i}`)));
    expect(written.filter((line) => Number(line.slice(5)) % 2 === 1)).toEqual(
      Array.from({ length: 50 }, (_, i) => `line ${2 * i + 1}`),
    );
    expect(await lines('audit-2026-11-22.jsonl')).toEqual(['next']);
    expect((await stat(join(folder, 'log/audit-2026-11-22.jsonl'))).mode & 0o777).toBe(0o600);
  });

  it('removes what is older than it shall keep, and nothing else', async () => {
    const file = new DailyFile(join(folder, 'log/audit.jsonl'), 2);
    for (const day of ['18', '19', '20']) await file.append([day], noon(`2026-11-${day}`));
    for (const name of ['audit.jsonl', 'audit-notes.jsonl', 'other-2026-11-01.jsonl', 'audit-2026-11-01.txt']) {
      await writeFile(join(folder, 'log', name), '');
    }
    await file.append(['22'], noon('2026-11-22'));
    expect((await readdir(join(folder, 'log'))).sort()).toEqual([
      'audit-2026-11-01.txt',
      'audit-2026-11-20.jsonl',
      'audit-2026-11-22.jsonl',
      'audit-notes.jsonl',
      'audit.jsonl',
      'other-2026-11-01.jsonl',
    ]);
  });

  it('removes old files of other writers of its folder, which may never come back', async () => {
    const one = new DailyFile(join(folder, 'log/audit.api-7d9f.jsonl'), 2);
    await one.append(['18'], noon('2026-11-18'));
    const other = new DailyFile(join(folder, 'log/audit.api-52bc.jsonl'), 2);
    await other.append(['20'], noon('2026-11-20'));
    await writeFile(join(folder, 'log/auditors-2026-11-01.jsonl'), '');
    expect(await lines('audit.api-7d9f-2026-11-18.jsonl')).toEqual(['18']);
    await other.append(['22'], noon('2026-11-22'));
    expect((await readdir(join(folder, 'log'))).sort()).toEqual([
      'audit.api-52bc-2026-11-20.jsonl',
      'audit.api-52bc-2026-11-22.jsonl',
      'auditors-2026-11-01.jsonl',
    ]);
  });

  it('rejects a line it cannot write, and goes on when it can', async () => {
    await writeFile(join(folder, 'log'), 'a file in the way');
    const file = new DailyFile(join(folder, 'log/audit.jsonl'), 2);
    await expect(file.append(['lost'])).rejects.toThrow();
    await rm(join(folder, 'log'));
    await file.append(['kept'], noon('2026-11-21'));
    await file.idle();
    expect(await lines('audit-2026-11-21.jsonl')).toEqual(['kept']);
  });
});
