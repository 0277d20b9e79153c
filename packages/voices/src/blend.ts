import { SottoError } from '@sotto/contracts';

export interface BlendPart {
  voice: string;
  /** Of the sum of all weights this part counts; more than 0. */
  weight: number;
}

const MOST_PARTS = 8;
const MOST_WEIGHT = 100;
const PART = /^([a-z][\w-]{0,63})(?:\((\d{1,3}(?:\.\d{1,2})?)\))?$/i;

/**
 * The voices of `af_bella(2)+af_sky` with their weights, which are 1 where none is given; a voice named twice counts once, with both.
 * @throws SottoError `invalid_parameter` for what is neither a voice nor a blend
 */
export function parseBlend(blend: string): BlendPart[] {
  const weights = new Map<string, number>();
  const parts = blend.split('+');
  if (parts.length > MOST_PARTS) throw wrong(`it may have ${MOST_PARTS} voices at most`);
  for (const part of parts) {
    const [, voice, weight = '1'] = PART.exec(part.trim()) ?? [];
    if (voice === undefined) throw wrong('write voices and their weights as in af_bella(2)+af_sky(1)');
    if (!(Number(weight) > 0 && Number(weight) <= MOST_WEIGHT)) {
      throw wrong(`weights must be more than 0 and at most ${MOST_WEIGHT}`);
    }
    const id = voice.toLowerCase();
    weights.set(id, (weights.get(id) ?? 0) + Number(weight));
  }
  return [...weights].map(([voice, weight]) => ({ voice, weight }));
}

/** The one way in which a blend is written: a single voice is no blend, whatever its weight. */
export function blendId(parts: readonly BlendPart[]): string {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first.voice;
  return parts.map(({ voice, weight }) => `${voice}(${weight})`).join('+');
}

const wrong = (why: string): SottoError => new SottoError('invalid_parameter', `The voice cannot be used: ${why}.`);
