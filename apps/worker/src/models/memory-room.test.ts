import { describe, expect, it } from '@jest/globals';
import { CATALOG, type InstalledModelFile } from '@sotto/whisper';
import { fitsAlone, hasRoom } from './memory-room.ts';

function file(name: string, bytes = 1_000_000): InstalledModelFile {
  const catalog = CATALOG.find((entry) => entry.name === name) ?? null;
  return {
    name,
    path: name,
    bytes,
    digest: name,
    multilingual: true,
    precision: 'f16',
    rank: 1,
    catalog,
    warning: null,
  };
}
const base = file('base');
const large = file('large-v3');
const needs = (name: string) => CATALOG.find((entry) => entry.name === name)?.memoryBytes ?? 0;

describe('hasRoom', () => {
  it('counts what is loaded against the budget, whatever the machine has', () => {
    const limits = { budgetBytes: needs('base') + needs('large-v3'), isInMainMemory: true };
    expect(hasRoom(large, [base], limits, () => 0)).toBe(true);
    expect(hasRoom(large, [base, file('own')], limits, () => 1e12)).toBe(false);
  });

  it('looks at free memory without a budget, except on a GPU', () => {
    const cpu = { budgetBytes: 0, isInMainMemory: true };
    expect(hasRoom(large, [], cpu, () => needs('large-v3'))).toBe(true);
    expect(hasRoom(large, [], cpu, () => needs('large-v3') - 1)).toBe(false);
    expect(hasRoom(large, [], { budgetBytes: 0, isInMainMemory: false }, () => 0)).toBe(true);
    expect(hasRoom(file('own'), [], cpu)).toBe(true);
  });
});

describe('fitsAlone', () => {
  it('says whether there could ever be room, whatever is loaded or free now', () => {
    expect(fitsAlone(large, { budgetBytes: needs('large-v3'), isInMainMemory: true }, () => 0)).toBe(true);
    expect(fitsAlone(large, { budgetBytes: needs('large-v3') - 1, isInMainMemory: false }, () => 1e12)).toBe(false);
    expect(fitsAlone(large, { budgetBytes: 0, isInMainMemory: true }, () => needs('large-v3'))).toBe(true);
    expect(fitsAlone(large, { budgetBytes: 0, isInMainMemory: true }, () => needs('large-v3') - 1)).toBe(false);
    expect(fitsAlone(large, { budgetBytes: 0, isInMainMemory: false }, () => 0)).toBe(true);
  });
});
