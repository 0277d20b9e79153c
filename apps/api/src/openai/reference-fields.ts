import { speakerNameSchema } from '@sotto/contracts';
import { foldName } from '@sotto/queue';
import { z } from 'zod';
import { invalidParameter } from '../http/invalid-parameter.ts';

/** Somebody who may be heard, and how they sound. */
export interface SpeakerReference {
  name: string;
  sample: Buffer;
}

export const MAX_REFERENCES = 4;
/** Of all references together, as text: four times ten seconds of uncompressed sound at 24 kHz take a half of it. */
export const REFERENCES_TEXT_BYTES = 6 * 1024 * 1024;

const DATA_URL = /^data:(?:audio|video)\/[\w.+-]+(?:;[\w.+-]+=[\w.+-]+)*;base64,/i;
const BASE64 = /^[\w+/-]+={0,2}$/;

const dataUrl = z.string().transform((text, context): Buffer => {
  const { 0: head } = DATA_URL.exec(text) ?? { 0: null };
  const base64 = head === null ? '' : text.slice(head.length);
  if (BASE64.test(base64)) return Buffer.from(base64, 'base64');
  context.addIssue({ code: 'custom', message: 'must be a data URL of audio, in base64' });
  return z.NEVER;
});

/** One that is sent alone comes without a list. */
const upTo4 = <T extends z.ZodType>(item: T) =>
  z
    .preprocess((value) => (value === undefined || Array.isArray(value) ? value : [value]), z.array(item).optional())
    .refine((list) => (list?.length ?? 0) <= MAX_REFERENCES, `may be at most ${MAX_REFERENCES}`);

export const referenceFields = {
  known_speaker_names: upTo4(z.string().trim().pipe(speakerNameSchema)).meta({
    description: 'Only with diarized_json: names of people who may be heard; `[]` may be omitted.',
  }),
  known_speaker_references: upTo4(dataUrl).meta({
    description:
      'How each of them sounds, in the same order: data URLs with 2 to 10 s of their speech. Used for this request and not stored.',
    override: { type: 'array', items: { type: 'string' } },
  }),
};
type ReferenceForm = { [K in keyof typeof referenceFields]?: z.output<(typeof referenceFields)[K]> };

/** @throws SottoError `invalid_parameter` where names and references do not belong together. */
export function referencesOf(
  { known_speaker_names: names, known_speaker_references: samples = [] }: ReferenceForm,
  isDiarized: boolean,
): SpeakerReference[] {
  if (names === undefined && samples.length === 0) return [];
  const field = names === undefined ? 'known_speaker_references' : 'known_speaker_names';
  if (!isDiarized) throw invalidParameter(field, 'response_format must be diarized_json');
  const all = names ?? [];
  if (all.length !== samples.length) {
    throw invalidParameter(field, 'needs as many known_speaker_names as known_speaker_references');
  }
  if (new Set(all.map(foldName)).size < all.length) throw invalidParameter(field, 'must not have a name twice');
  return samples.map((sample, at) => ({ name: all[at] ?? '', sample }));
}
