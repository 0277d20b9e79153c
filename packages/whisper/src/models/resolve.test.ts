import { describe, expect, it } from '@jest/globals';
import { SottoError } from '@sotto/contracts';
import { catalogEntry } from './catalog.ts';
import type { InstalledModelFile } from './installed.ts';
import { NANO_WARNING } from './nano.ts';
import { pickModel } from './resolve.ts';

function installed(name: string): InstalledModelFile {
  const catalog = catalogEntry(name);
  return {
    name,
    path: `/models/ggml-${name}.bin`,
    bytes: 1,
    digest: name,
    multilingual: catalog?.languages !== 'en',
    precision: catalog?.precision ?? 'f16',
    rank: catalog?.rank ?? 1,
    catalog,
    warning: name === 'sotto-nano' ? NANO_WARNING : null,
  };
}

const pick = (name: string, computeType: 'float16' | 'int8' | 'float32', ...names: string[]) =>
  pickModel(name, computeType, names.map(installed));

describe('the file that serves a requested name', () => {
  it('takes aliases and the precision asked for', () => {
    expect(pick('large', 'float16', 'large-v3-q5_0', 'large-v3')).toMatchObject({ name: 'large-v3', warning: null });
    expect(pick('large', 'int8', 'large-v3-q5_0', 'large-v3')).toMatchObject({ name: 'large-v3-q5_0', warning: null });
    expect(pick('base-q5_1', 'float16', 'base', 'base-q5_1')).toMatchObject({ name: 'base-q5_1', warning: null });
  });

  it('takes the same model in another precision with a warning', () => {
    expect(pick('base', 'int8', 'base')).toMatchObject({
      name: 'base',
      warning: expect.stringMatching(/int8 was asked for/),
    });
    expect(pick('base', 'float16', 'base-q8_0').warning).toMatch(/only base-q8_0 \(q8_0\) is installed/);
    expect(pick('base', 'float32', 'base').warning).toMatch(/float32 is not offered/);
  });

  it('finds models from elsewhere, whatever the case', () => {
    expect(pick('My-Own', 'float16', 'my-own')).toMatchObject({ name: 'my-own', warning: null });
  });

  it('keeps the warning of a stand-in', () => {
    expect(pick('sotto-nano', 'float16', 'sotto-nano').warning).toBe(NANO_WARNING);
    expect(pick('sotto-nano', 'float32', 'sotto-nano').warning).toContain(NANO_WARNING);
  });

  it('never takes another model: the error lists what there is', () => {
    const attempt = () => pick('small', 'float16', 'large-v3', 'tiny.en', 'small.en');
    expect(attempt).toThrow(SottoError);
    try {
      attempt();
    } catch (error) {
      expect(error).toMatchObject({
        code: 'model_not_available',
        fields: { models: ['large-v3', 'tiny.en', 'small.en'] },
      });
    }
  });
});
