import { z } from 'zod';
import { speakerNameSchema } from './options.ts';
import { voiceprintSchema } from './voices.ts';

/** Of a recording in which somebody agrees, and of a sample. */
export const MAX_VOICE_FILE_BYTES = 10 * 1024 * 1024;
/** Of a sample; a consent may be as long as any sample of a voice. */
export const LONGEST_VOICE_SAMPLE_MS = 30_000;
/** Speech that either must have: a consent is a sentence, and a voice is not known by less than so much. */
export const LEAST_CONSENT_SPEECH_MS = 1_500;
export const LEAST_VOICE_SPEECH_MS = 5_000;
/** Of a key, each. */
export const MAX_OWN_VOICES = 20;
export const MAX_VOICE_CONSENTS = 20;

const HEX_ID = '[0-9a-f]{32}';
const OWN_VOICE_ID = new RegExp(`^voice_${HEX_ID}$`);
const CONSENT_ID = new RegExp(`^cons_${HEX_ID}$`);
export const ownVoiceIdSchema = z.string().regex(OWN_VOICE_ID, 'no voice has this id');
export const consentIdSchema = z.string().regex(CONSENT_ID, 'no consent has this id');

/** Whether a text asks for a voice that its key has made of a sample, instead of one of an engine's. */
export const isOwnVoice = (voice: string): boolean => OWN_VOICE_ID.test(voice);

/** Whether a text may ask for one in the middle of it. */
export const mayNameOwnVoice = (text: string): boolean => text.includes('voice_');

/** A voice that is a sum of an engine's: `share` of each, 1 in total. Shares may be negative. */
export const voiceMixSchema = z
  .array(z.object({ voice: z.string(), share: z.number() }))
  .min(1)
  .readonly();
export type VoiceMix = z.infer<typeof voiceMixSchema>;

/** What a run of kind `matching` is given: how the sample sounds, in a file of its own. */
export const matchTargetSchema = voiceprintSchema;

/** Options of a run of kind `matching`. */
export const matchOptionsSchema = z.object({
  /** Of its key, which gets the result. */
  voiceId: ownVoiceIdSchema,
  /** Of the person who is heard in the sample; null: whatever the nearest voice speaks. */
  language: z.string().min(2).max(35).nullable(),
  /** Of the search. */
  generations: z.int().min(1).max(100),
  seed: z.int().min(0),
});
export type MatchOptions = z.infer<typeof matchOptionsSchema>;

/** How alike two voices are: the cosine of their embeddings. */
const similarity = z.number().min(-1).max(1);

/** A voice that was made as like a sample as an engine's voices can be. */
export const matchedVoiceSchema = z.object({
  /** Of the engine whose voices it is a sum of. */
  engine: z.string(),
  mix: voiceMixSchema,
  /** Lower-case BCP 47, in which it speaks if nothing else is asked for. */
  language: z.string(),
  /** With the sample, on a sentence that it was not fitted to. */
  similarity,
  /** The same of the engine's voice that was nearest: where the search began. */
  nearest: z.object({ voice: z.string(), similarity }),
});
export type MatchedVoice = z.infer<typeof matchedVoiceSchema>;

/** Checkpoint of a run of kind `matching`: some of the engine's voices heard, or a generation of the search done. */
export const matchStepSchema = z.object({
  index: z.int().min(0),
  /** Voice -> its similarity. */
  heard: z.record(z.string(), similarity).optional(),
  /** After this generation, as `SearchState` of @sotto/voices; its schema is here, since it is stored. */
  search: z
    .object({
      generation: z.int().min(0),
      mean: z.array(z.number()),
      sigma: z.number(),
      covariance: z.array(z.array(z.number())),
      pathC: z.array(z.number()),
      pathSigma: z.array(z.number()),
    })
    .optional(),
});
export type MatchStep = z.infer<typeof matchStepSchema>;

const name = z
  .string({ error: 'is required' })
  .trim()
  .pipe(speakerNameSchema)
  .meta({ description: 'For people; no two of a key have to differ.' });

/** The text fields of `POST /v1/audio/voice_consents`. */
export const consentFormSchema = z.strictObject({
  name,
  language: z
    .string({ error: 'is required' })
    .trim()
    .regex(/^[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8}){0,3}$/, 'must be a language such as `en` or `pt-BR`')
    .meta({ description: 'BCP 47: of the recording.' }),
});
export type ConsentForm = z.infer<typeof consentFormSchema>;

/** The text fields of `POST /v1/audio/voices`. */
export const ownVoiceFormSchema = z.strictObject({
  name,
  consent: z.string({ error: 'is required' }).trim().min(1).max(100).meta({ description: 'Id of the consent.' }),
});
export type OwnVoiceForm = z.infer<typeof ownVoiceFormSchema>;

/** The JSON body that renames a consent or a voice. */
export const renameSchema = z.strictObject({ name });
