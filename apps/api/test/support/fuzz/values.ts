import { anyString } from '@sotto/testkit/any-string';
import fc, { type Arbitrary } from 'fast-check';

/** As much of JSON Schema (2020-12) as an OpenAPI document of ours uses for what clients send. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

/** Nothing that is generated may call another machine: what these stand for is here, or nowhere. */
export const ADDRESSES = [
  'http://127.0.0.1:1/recording.wav',
  'http://[::1]:9/a.mp3',
  'http://0x7f.1/a.wav',
  'https://169.254.169.254/latest/meta-data',
  'http://localhost/a.wav',
  'file:///etc/passwd',
  'http://nowhere.invalid/a.wav',
];

const FORMATS: Record<string, Arbitrary<string>> = {
  uuid: fc.uuid(),
  'date-time': fc
    .date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) })
    .map((date) => date.toISOString()),
  uri: fc.constantFrom(...ADDRESSES),
};

/** What a client may send by mistake or on purpose, whatever was asked for. */
export const ODD_TEXTS: Arbitrary<string> = fc.oneof(
  fc.constantFrom('', ' ', '0', '-1', '1e308', '1e999', 'NaN', 'null', 'true', '[]', '{}', '[object Object]'),
  fc.constantFrom(
    '__proto__',
    'constructor',
    '../../etc/passwd',
    "' OR 1=1 --",
    '\r\nX-Header: 1',
    '%00',
    '\u0000',
    '\ud800',
  ),
  fc.constantFrom('9007199254740993', '٣', 'İ', '𝒳', 'a'.repeat(5_000), '{{7*7}}', '$(true)', '%', '0x10'),
  anyString({ maxLength: 30 }),
  fc.double().map(String),
  fc.json({ maxDepth: 1 }),
);

/** Texts whose schema says less than what is taken: nearly all others are refused. */
export const USUAL: Record<string, string[]> = {
  'Upload-Length': ['9', '4000', '100000', '1000000000000'],
  'Upload-Offset': ['0'],
  model: ['whisper-1', 'sotto-nano'],
  keyterms: ['Sotto', '["Sotto", {"text": "Grafana", "weight": 2}]'],
  keywords: ['Sotto', '["Sotto"]'],
  // What stands for a name while none is known.
  vocabulary: ['none'],
  dictionary: ['none'],
  word: ['SQL'],
  say: ['sequel'],
  ipa: ['siːkwəl'],
  known_speakers: ['all'],
  languages: ['de,en', 'English'],
  keep: ['true'],
  language: ['en', 'auto'],
  voice: ['auto', 'espeak'],
  // Each of them alone says what a body without a container is.
  encoding: ['linear16', 'flac'],
  sample_rate: ['16000'],
  channels: ['1'],
  utt_split: ['0.5'],
  detect_language: ['true', 'de'],
  speaker_names: ['Anna, Ben', '["Anna"]'],
  replace: ['a => b', '[{"from": "a", "to": "b"}]'],
  'Upload-Metadata': ['filename YS53YXY=', 'filename YS53YXY=,filetype YXVkaW8vd2F2'],
};

/** The same for lists, each of whose entries may refuse the whole. */
const USUAL_LISTS: Record<string, unknown[]> = { pronunciations: [[], [{ word: 'SQL', say: 'sequel' }]] };

/** Values that a schema allows. @param resolve what a `$ref` points to */
export function valuesOf(schema: Schema, resolve: (ref: string) => Schema): Arbitrary<unknown> {
  const of = (inner: Schema): Arbitrary<unknown> => valuesOf(inner, resolve);
  if (schema.$ref !== undefined) return of(resolve(schema.$ref));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf ?? (Array.isArray(schema.type) && typesOf(schema, schema.type));
  if (choices) return fc.oneof(...choices.map(of));
  if (schema.allOf !== undefined) return of(Object.assign({}, ...schema.allOf));
  switch (schema.type) {
    case 'string':
      return texts(schema);
    case 'integer':
      return fc.integer(bounds(schema, 1));
    case 'number':
      return fc.double({ ...bounds(schema, Number.EPSILON), noNaN: true, noDefaultInfinity: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(of(schema.items ?? {}), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 4, 4),
      });
    case 'object':
      return objects(schema, of);
    default:
      return fc.oneof(ODD_TEXTS, fc.integer(), fc.boolean());
  }
}

const typesOf = (schema: Schema, types: string[]): Schema[] => types.map((type) => ({ ...schema, type }));

function texts({ format, pattern, minLength = 0, maxLength = 60 }: Schema): Arbitrary<string> {
  const known = FORMATS[format ?? ''];
  if (known !== undefined) return known;
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.max(minLength, Math.min(maxLength, 60)) });
}

function bounds({ minimum, maximum, exclusiveMinimum }: Schema, step: number): { min: number; max: number } {
  const min = minimum ?? (exclusiveMinimum === undefined ? -1_000 : exclusiveMinimum + step);
  return { min, max: Math.max(min, Math.min(maximum ?? 1_000_000, 1_000_000)) };
}

function objects({ properties = {}, required = [] }: Schema, of: (schema: Schema) => Arbitrary<unknown>) {
  const arbitraries = Object.fromEntries(
    Object.entries(properties).map(([name, inner]) => [name, usualOr(name, inner, of(inner))]),
  );
  return fc.record(arbitraries, { requiredKeys: required.filter((name) => name in arbitraries) });
}

/** What a text or a list of that name usually is, or whatever its schema allows. */
function usualOr(name: string, { type }: Schema, allowed: Arbitrary<unknown>): Arbitrary<unknown> {
  const usual = type === 'string' ? USUAL[name] : type === 'array' ? USUAL_LISTS[name] : undefined;
  return usual === undefined ? allowed : fc.oneof({ arbitrary: fc.constantFrom(...usual), weight: 3 }, allowed);
}
