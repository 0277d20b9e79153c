import { describe, expect, it } from '@jest/globals';
import { DEFAULT_RUN_OPTIONS, type RunOptions } from '@sotto/contracts';
import { type WorkIdentity, workKeyOf } from './work-key.ts';

const options: RunOptions = { ...DEFAULT_RUN_OPTIONS, model: 'base' };
const identity: WorkIdentity = { kind: 'transcription', sha256: 'a'.repeat(64), options, keyId: null };

describe('workKeyOf', () => {
  it('does not depend on the order of fields', () => {
    const reordered = Object.fromEntries(Object.entries(options).reverse()) as RunOptions;
    expect(workKeyOf({ ...identity, options: reordered })).toBe(workKeyOf(identity));
  });

  it.each<[string, Partial<WorkIdentity>]>([
    ['content', { sha256: 'b'.repeat(64) }],
    ['model', { options: { ...options, model: 'small' } }],
    ['API key', { keyId: 'first' }],
    ['kind', { kind: 'language' }],
    ['language', { options: { ...options, language: 'de' } }],
    ['task', { options: { ...options, task: 'translate' } }],
    ['temperature', { options: { ...options, temperature: 0.5 } }],
    ['beam size', { options: { ...options, beamSize: 1 } }],
    ['best of', { options: { ...options, bestOf: 1 } }],
    ['patience', { options: { ...options, patience: 2 } }],
    ['length penalty', { options: { ...options, lengthPenalty: 0 } }],
    ['suppressed tokens', { options: { ...options, suppressTokens: [-1] } }],
    ['previous text', { options: { ...options, conditionOnPreviousText: true } }],
    ['filter', { options: { ...options, hallucinationFilter: 'off' } }],
    ['prompt', { options: { ...options, prompt: 'Sotto' } }],
    ['speech detection', { options: { ...options, vad: false } }],
  ])('changes with the %s', (_name, change) => {
    expect(workKeyOf({ ...identity, ...change })).not.toBe(workKeyOf(identity));
  });
});
