import type { CatalogEntry, ModelSource } from '../src/models/catalog.ts';

/** A catalog entry for tests, with the given sources. */
export function testEntry(name: string, bytes: number, sources: ModelSource[]): CatalogEntry {
  return {
    name,
    aliases: [],
    base: name,
    precision: 'f16',
    languages: 'en',
    bytes,
    size: '1 MB',
    speed: '1x',
    accuracy: 'None',
    memoryBytes: bytes,
    rank: 1,
    sources,
  };
}
