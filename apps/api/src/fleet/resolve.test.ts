import { describe, expect, it } from '@jest/globals';
import type { Heartbeat, InstalledModel, RunOptions } from '@sotto/contracts';
import { DEFAULT_RUN_OPTIONS, SottoError, WORKER_PROTOCOL } from '@sotto/contracts';
import { resolveModel } from './resolve.ts';
import type { Fleet } from './worker-directory.ts';

const model = (name: string, multilingual = true): InstalledModel => ({
  name,
  digest: `digest of ${name}`,
  bytes: 1,
  multilingual,
  loaded: true,
  fits: true,
  realtimeFactor: null,
  memoryBytes: null,
  warning: null,
});
const worker = (defaultModel: string | null, state: Heartbeat['state'] = 'ready'): Heartbeat => ({
  protocol: WORKER_PROTOCOL,
  workerId: 'w',
  roles: ['prepare', 'transcribe'],
  startedAtMs: 0,
  state,
  engines: [{ kind: 'transcribe', device: 'cpu', defaultModel, models: [], slots: 1, busy: 0, speed: null }],
  metricsUrl: null,
  version: '0',
});
const options = (change: Partial<RunOptions> = {}): RunOptions => ({
  ...DEFAULT_RUN_OPTIONS,
  ...change,
});
const fleet = (models: InstalledModel[], workers = [worker(models[0]?.name ?? null)]): Fleet => ({ workers, models });

function refusal(asked: Partial<RunOptions>, of: Fleet, configured: string | null = null): SottoError {
  try {
    resolveModel(options(asked), of, configured);
  } catch (error) {
    if (error instanceof SottoError) return error;
  }
  throw new Error('not refused');
}

describe('resolveModel', () => {
  it('takes what the workers hold for a request without a model', () => {
    expect(resolveModel(options(), fleet([model('tiny.en', false)]), 'base')).toEqual({
      name: 'tiny.en',
      digest: 'digest of tiny.en',
    });
  });

  it('follows aliases and finds quantized files', () => {
    expect(resolveModel(options({ model: 'large' }), fleet([model('large-v3')]), null).name).toBe('large-v3');
    expect(resolveModel(options({ model: 'SMALL' }), fleet([model('small-q8_0')]), null).name).toBe('small-q8_0');
  });

  it('never falls back from a named model, and lists what there is', () => {
    const error = refusal({ model: 'medium' }, fleet([model('base')]));
    expect(error.code).toBe('model_not_available');
    expect(error.fields).toEqual({ models: ['base'] });
  });

  it('takes names of the catalogue on trust before any worker was seen', () => {
    const nobody: Fleet = { workers: [], models: [] };
    expect(resolveModel(options({ model: 'medium' }), nobody, null)).toEqual({ name: 'medium', digest: null });
    expect(resolveModel(options(), nobody, null)).toEqual({ name: null, digest: null });
    expect(refusal({ model: 'huge' }, nobody).code).toBe('model_not_available');
  });

  it('asks for patience while the first worker installs its model', () => {
    const error = refusal({ model: 'base' }, fleet([], [worker(null, 'starting')]));
    expect(error.code).toBe('model_loading');
    expect(error.retryAfterSeconds).toBeGreaterThan(0);
  });

  it('refuses at once what a worker that has looked does not have', () => {
    expect(refusal({ model: 'base' }, fleet([], [worker('tiny')])).code).toBe('model_not_available');
  });

  it.each<Partial<RunOptions>>([
    { language: 'de' },
    { languages: ['de', 'fr'] },
    { multilingual: true },
    { multilingual: true, languages: ['en'] },
    { task: 'translate' },
    { language: 'en', task: 'translate' },
  ])('refuses an English model %j, with the models that can', (asked) => {
    const models = [model('tiny.en', false), model('base')];
    const error = refusal({ ...asked, model: 'tiny.en' }, fleet(models));
    expect(error.code).toBe('language_not_supported');
    expect(error.fields).toEqual({ models: ['base'] });
  });

  it('lets an English model do English', () => {
    const only = fleet([model('tiny.en', false)]);
    expect(resolveModel(options({ model: 'tiny.en', language: 'en' }), only, null).name).toBe('tiny.en');
    expect(resolveModel(options({ model: 'tiny.en', languages: ['de', 'en'] }), only, null).name).toBe('tiny.en');
    expect(resolveModel(options({ model: 'tiny.en' }), only, null).name).toBe('tiny.en');
  });
});
