import type { Voiceprint } from '@sotto/contracts';
import type { Vector } from '@sotto/speakers';

const FLOAT_BYTES = 4;

/** A voice as it is stored. */
export function embeddingText(voice: Vector): Voiceprint['embedding'] {
  const bytes = Buffer.alloc(voice.length * FLOAT_BYTES);
  for (const [at, value] of voice.entries()) bytes.writeFloatLE(value, at * FLOAT_BYTES);
  return bytes.toString('base64');
}

export function voiceOf({ embedding }: Pick<Voiceprint, 'embedding'>): Vector {
  const bytes = Buffer.from(embedding, 'base64');
  return Float64Array.from({ length: bytes.length / FLOAT_BYTES }, (_, at) => bytes.readFloatLE(at * FLOAT_BYTES));
}
