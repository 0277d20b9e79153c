import { type ComputeType, canonicalModelName, modelFacts, modelFamily, SottoError } from '@sotto/contracts';
import { sizeText } from '@sotto/model-files';
import { FAMILIES, type Family, OFFICIAL_FILES } from './catalog-data.ts';
import { NANO } from './nano.ts';
import { type PythonModel, pythonModel } from './python-models.ts';

/** Ways to get a model, tried in this order. A file in a folder of the operator's comes before all of them. */
export type ModelSource =
  | { kind: 'download'; bytes: number; sha256: string }
  | { kind: 'python-package'; python: PythonModel }
  | { kind: 'bundled' };

export interface CatalogEntry {
  /** `ggml-<name>.bin` is the file. */
  name: string;
  aliases: string[];
  /** The model whose weights these are: `base` for `base-q8_0`. */
  base: string;
  precision: string;
  languages: 'multilingual' | 'en';
  bytes: number;
  /** For people: 142 MB. */
  size: string;
  /** Relative to large. */
  speed: string;
  accuracy: string;
  /** Weights plus one decoding state at its largest (beam 5), measured: notes in docs/models.md. */
  memoryBytes: number;
  /** Order of quality; `auto` takes the highest that is installed. 0 is never taken for a real model. */
  rank: number;
  sources: ModelSource[];
}

/** `large` -> `large-v3`: the contracts' names, turned round. */
const aliasesOf = (name: string): string[] => ['large', 'turbo'].filter((alias) => canonicalModelName(alias) === name);

export const CATALOG: readonly CatalogEntry[] = [...OFFICIAL_FILES.map(officialEntry), nanoEntry()];

const BY_NAME = new Map(CATALOG.map((entry) => [entry.name, entry]));

/** The entry of a name or alias in any case, or null. */
export function catalogEntry(name: string): CatalogEntry | null {
  return BY_NAME.get(canonicalModelName(name)) ?? null;
}

/** SHA-256 of every file that is this model: the official one, and what the importer makes of a package. */
export function knownDigests({ sources }: CatalogEntry): string[] {
  return sources.flatMap((source) => {
    if (source.kind === 'bundled') return [];
    return source.kind === 'download' ? source.sha256 : source.python.sha256;
  });
}

/**
 * Names of the files that serve `name` at this compute type, the wanted one first. An explicit variant (`base-q5_1`)
 * is itself and nothing else.
 */
export function variantNames(name: string, computeType: ComputeType): string[] {
  const canonical = canonicalModelName(name);
  const variants = CATALOG.filter((entry) => entry.base === canonical);
  if (variants.length === 0) return [canonical];
  const small = ['q8_0', 'q5_1', 'q5_0'];
  const order = computeType === 'int8' ? [...small, 'f16'] : ['f16', ...small];
  return order.flatMap((precision) =>
    variants.filter((entry) => entry.precision === precision).map((entry) => entry.name),
  );
}

/** The entry to install for a name at a compute type. @throws SottoError `model_not_available` for an unknown name. */
export function entryToInstall(name: string, computeType: ComputeType = 'float16'): CatalogEntry {
  const entry = catalogEntry(variantNames(name, computeType)[0] ?? name);
  if (entry) return entry;
  throw new SottoError('model_not_available', `There is no model ${JSON.stringify(name)} in the catalog.`, {
    fields: { models: CATALOG.map((each) => each.name) },
  });
}

function officialEntry([name, bytes, sha256]: readonly [string, number, string]): CatalogEntry {
  const base = modelFamily(name);
  const english = base.endsWith('.en');
  const family = FAMILIES[(english ? base.slice(0, -'.en'.length) : base) as Family];
  const sources: ModelSource[] = [{ kind: 'download', bytes, sha256 }];
  const python = pythonModel(name);
  if (python) sources.push({ kind: 'python-package', python });
  return {
    ...factsOf(name),
    precision: /q\d_\d$/.exec(name)?.[0] ?? 'f16',
    languages: english ? 'en' : 'multilingual',
    bytes,
    size: name === base ? factsOf(name).size : sizeText(bytes),
    memoryBytes: bytes + family.stateMb * 1_000_000,
    rank: family.rank + (english ? 0 : 1),
    sources,
  };
}

function nanoEntry(): CatalogEntry {
  return {
    ...factsOf(NANO.name),
    precision: 'f16',
    languages: 'multilingual',
    bytes: NANO.bytes,
    memoryBytes: NANO.bytes + 150_000_000,
    rank: 0,
    sources: [{ kind: 'bundled' }],
  };
}

function factsOf(name: string) {
  const facts = modelFacts(name);
  if (!facts) throw new Error(`contracts has no facts on model ${name}`);
  const { size, speed, accuracy } = facts;
  return { name, aliases: aliasesOf(name), base: modelFamily(name), size, speed, accuracy };
}
