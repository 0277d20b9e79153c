import * as z from 'zod';

const amounts = {
  voice: z.string().meta({
    description:
      'Id of the voice. `other`: voices beyond the 64 of a day. Of all keys, `blend`: all blends, `own`: all voices made of samples.',
  }),
  jobs: z.int().min(0).meta({ description: 'Completed texts in which it was heard.' }),
  characters: z.int().min(0).meta({ description: 'Its share of what was charged for them.' }),
  seconds: z.number().min(0).meta({ description: 'Of speech, without the pauses between pieces.' }),
};

export const wireVoiceAmountsSchema = z.object(amounts).meta({ id: 'VoiceAmounts' });
export type WireVoiceAmounts = z.infer<typeof wireVoiceAmountsSchema>;

/** What a voice has spoken on one day (UTC); texts count on the day they were accepted. */
export const wireVoiceDaySchema = z.object({ day: z.iso.date(), ...amounts }).meta({ id: 'VoiceDay' });
export type WireVoiceDay = z.infer<typeof wireVoiceDaySchema>;

/** `GET /usage/voices`: of the caller; `GET /admin/usage/voices`: of all keys together. */
export const wireVoiceUsageSchema = z
  .object({
    from: z.iso.date(),
    to: z.iso.date(),
    /** Oldest day first. */
    days: z.array(wireVoiceDaySchema),
    /** Of all these days, most characters first. */
    voices: z.array(wireVoiceAmountsSchema),
  })
  .meta({ id: 'VoiceUsage' });
export type WireVoiceUsage = z.infer<typeof wireVoiceUsageSchema>;
