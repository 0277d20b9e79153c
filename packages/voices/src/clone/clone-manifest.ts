import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { SottoError } from '@sotto/contracts';
import { z } from 'zod';

export const CLONE_MANIFEST = 'clone.json';

/** A name in the folder, never a way out of it. */
const fileSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][\w.-]*$/, 'must be the name of a file in this folder'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'),
});
export type CloneFile = z.output<typeof fileSchema>;
const languageSchema = z.string().regex(/^[a-z]{2,4}(-[a-z0-9]+)*$/, 'must be a language such as `en` or `pt-br`');

const voiceSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, 'must be of a-z, 0-9, _ and -'),
  name: z.string().trim().min(1).max(100),
  gender: z.enum(['female', 'male']).nullable().default(null),
  /** A WAV file of 16-bit mono samples: how it sounds. */
  recording: fileSchema,
  /** What is said in it, word for word. */
  text: z.string().trim().min(1).max(2_000),
});
export type CloneVoice = z.output<typeof voiceSchema>;

const common = {
  format: z.literal(1),
  model: z.string().regex(/^[A-Za-z0-9][\w.-]{0,79}$/, 'must be a name of letters, digits, `.`, `_` and `-`'),
  sampleRateHz: z.int().min(8_000).max(48_000),
  languages: z.array(languageSchema).min(1),
  licence: z.string().trim().min(1).max(200),
  /** Of the search for the sound; absent: what the program thinks. */
  steps: z.int().min(1).max(64).optional(),
  voices: z
    .array(voiceSchema)
    .min(1)
    .max(100)
    .refine((voices) => new Set(voices.map(({ id }) => id)).size === voices.length, 'have an id twice'),
};

/** What an operator writes beside weights that speak like a recording. Parts are called as sherpa-onnx calls them. */
const manifestSchema = z.discriminatedUnion('engine', [
  z.strictObject({
    ...common,
    engine: z.literal('zipvoice'),
    files: z.strictObject({
      encoder: fileSchema,
      decoder: fileSchema,
      vocoder: fileSchema,
      tokens: fileSchema,
      lexicon: fileSchema.optional(),
    }),
  }),
  z.strictObject({
    ...common,
    engine: z.literal('pocket'),
    files: z.strictObject({
      lmFlow: fileSchema,
      lmMain: fileSchema,
      encoder: fileSchema,
      decoder: fileSchema,
      textConditioner: fileSchema,
      vocabJson: fileSchema,
      tokenScoresJson: fileSchema,
    }),
  }),
]);

export const CLONE_ENGINES = ['zipvoice', 'pocket'] as const;
export type CloneEngineName = (typeof CLONE_ENGINES)[number];

export interface CloneModel {
  folder: string;
  manifest: z.output<typeof manifestSchema>;
  /** Of the parts and the recordings, by the hashes that are written down. */
  sha256: string;
}

/**
 * The weights in a folder that is named after their engine; null when none are. Files are looked for, and read when they are first used.
 * @throws SottoError `model_load_failed`: what is wrong with the folder
 */
export async function cloneModel(folder: string, engine: CloneEngineName): Promise<CloneModel | null> {
  const text = await readFile(join(folder, CLONE_MANIFEST), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
    throw wrong(engine, `${CLONE_MANIFEST} cannot be read`, error);
  });
  if (text === null) return null;
  const manifest = parsed(text, engine);
  if (manifest.engine !== engine) throw wrong(engine, `it is of ${manifest.engine}, which has a folder of its own`);
  for (const { name } of cloneFiles(manifest)) {
    const found = await stat(join(folder, name)).catch(() => null);
    if (!found?.isFile()) throw wrong(engine, `there is no file ${name}`);
  }
  return { folder, manifest, sha256: createHash('sha256').update(JSON.stringify(manifest)).digest('hex') };
}

export const cloneFiles = ({ files, voices }: CloneModel['manifest']): CloneFile[] => [
  ...Object.values(files).filter((file) => file !== undefined),
  ...voices.map(({ recording }) => recording),
];

function parsed(text: string, engine: CloneEngineName): CloneModel['manifest'] {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw wrong(engine, `${CLONE_MANIFEST} is not JSON`, cause);
  }
  const { data, error } = manifestSchema.safeParse(json);
  if (data !== undefined) return data;
  const [issue] = error.issues;
  throw wrong(engine, `${CLONE_MANIFEST}: ${issue?.path.join('.')} ${issue?.message}`, error);
}

export const wrong = (engine: string, why: string, cause?: unknown): SottoError =>
  new SottoError('model_load_failed', `The weights of ${engine} cannot be used: ${why}.`, { cause });
