import * as z from 'zod';

/** The voice of a person who agreed to be recognized, as its owner sees it: without the voice itself. */
export const wireVoiceSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    /** How and when the person agreed, in the owner's words. */
    consent: z.string(),
    created_at: z.iso.datetime(),
    /** Of speech in the sample. */
    seconds: z.number().min(0),
    /** What heard it, such as `community-1`. */
    model: z.string(),
  })
  .meta({ id: 'Voice' });
export type WireVoice = z.infer<typeof wireVoiceSchema>;

/** `GET /voices/speakers`: by name. */
export const wireVoiceListSchema = z.object({ voices: z.array(wireVoiceSchema) }).meta({ id: 'VoiceList' });
export type WireVoiceList = z.infer<typeof wireVoiceListSchema>;
