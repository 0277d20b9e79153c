import { z } from 'zod';

/** Form fields are text: numbers come as strings in `key[prop]`, or as numbers in JSON. */
const number = (min: number, max: number) => z.coerce.number().min(min).max(max).optional();

const serverVad = z.strictObject({
  type: z.literal('server_vad'),
  prefix_padding_ms: number(0, 60_000),
  silence_duration_ms: number(0, 60_000),
  threshold: number(0, 1),
});

const NO_EFFECT = 'has no effect: this service detects pauses in its own way';

/**
 * `auto`, a server_vad object as JSON text, or the same as `chunking_strategy[type]=...`. Speech is always looked for
 * first here, so the first two words change nothing; the numbers of a server_vad are taken and told to have no effect.
 */
export const chunkingStrategy = z
  .preprocess(
    fromText,
    z.union([z.literal('auto'), serverVad], { error: 'must be auto or a server_vad object' }).optional(),
  )
  .transform((strategy) => ({ notes: strategy === undefined || strategy === 'auto' ? [] : notesOn(strategy) }))
  .optional()
  .meta({
    description: '`auto`, or a server_vad object as JSON or as `chunking_strategy[type]`, ...',
    override: { type: 'string' },
  });

function fromText(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function notesOn({ type: _type, ...numbers }: z.infer<typeof serverVad>): string[] {
  const names = Object.entries(numbers).filter(([, value]) => value !== undefined);
  return names.map(([name]) => `chunking_strategy.${name} ${NO_EFFECT}`);
}
