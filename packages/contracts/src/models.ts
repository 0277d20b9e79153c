/**
 * What people know of Whisper's models before anything is installed: the names a request may use and the figures of
 * the owner's specification (3.1.4, 4.2). Files, digests and sources are the model catalog's, in packages/whisper.
 */
export interface ModelFacts {
  /** Of the 16-bit file. */
  size: string;
  /** Against large-v3 on the same machine. */
  speed: string;
  accuracy: string;
  multilingual: boolean;
}

const facts = (size: string, speed: string, accuracy: string, multilingual = true): ModelFacts => ({
  size,
  speed,
  accuracy,
  multilingual,
});

export const KNOWN_MODELS: Readonly<Record<string, ModelFacts>> = {
  tiny: facts('75 MB', '32x', 'Basic'),
  'tiny.en': facts('75 MB', '32x', 'Basic', false),
  base: facts('142 MB', '16x', 'Good'),
  'base.en': facts('142 MB', '16x', 'Good', false),
  small: facts('466 MB', '6x', 'Better'),
  'small.en': facts('466 MB', '6x', 'Better', false),
  medium: facts('1.5 GB', '2x', 'High'),
  'medium.en': facts('1.5 GB', '2x', 'High', false),
  'large-v1': facts('2.9 GB', '1x', 'High'),
  'large-v2': facts('2.9 GB', '1x', 'Very high'),
  'large-v3': facts('2.9 GB', '1x', 'Best'),
  'large-v3-turbo': facts('1.5 GB', '8x', 'Very high'),
  'sotto-nano': facts('4 MB', '100x', 'For trials and tests only'),
};

const ALIASES: Readonly<Record<string, string>> = { large: 'large-v3', turbo: 'large-v3-turbo' };

/** `large` and `turbo` as the models they stand for; every other name in lower case. */
export function canonicalModelName(name: string): string {
  const wanted = name.trim().toLowerCase();
  return ownValue(ALIASES, wanted) ?? wanted;
}

/** `small-q8_0` -> `small`: the model a quantized file holds. */
export function modelFamily(name: string): string {
  return name.replace(/-q\d_\d$/, '');
}

/** Null for a model of somebody's own making. */
export function modelFacts(name: string): ModelFacts | null {
  return ownValue(KNOWN_MODELS, modelFamily(name)) ?? null;
}

/** A client may ask for `constructor`, which every object has. */
function ownValue<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** The owner's names for a model's precision; docs/models.md says which file each one means. */
export const COMPUTE_TYPES = ['float16', 'int8', 'float32'] as const;
export type ComputeType = (typeof COMPUTE_TYPES)[number];
