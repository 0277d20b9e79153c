import * as z from 'zod';

const amounts = {
  requests: z
    .int()
    .meta({ description: 'Accepted requests, including those that joined a running job or found its result.' }),
  audio_seconds: z.number().meta({ description: 'Of completed transcriptions; each is counted once.' }),
  processing_seconds: z.number().meta({ description: 'Engine time, including work that failed or was cancelled.' }),
  cost: z.number().meta({ description: 'Of both, at the current prices.' }),
  /** Absent: an older service answers. */
  characters: z.int().optional().meta({ description: 'Of texts that were spoken; each is counted once.' }),
};

export const wireUsageAmountsSchema = z.object(amounts).meta({ id: 'UsageAmounts' });
export type WireUsageAmounts = z.infer<typeof wireUsageAmountsSchema>;

/** What one key used on one day (UTC); work counts on the day it was accepted. */
export const wireUsageDaySchema = z
  .object({
    day: z.iso.date(),
    key_id: z.string().nullable().meta({ description: 'null: no key.' }),
    name: z.string().nullable(),
    ...amounts,
  })
  .meta({ id: 'UsageDay' });
export type WireUsageDay = z.infer<typeof wireUsageDaySchema>;

export const wireQuotaSchema = z
  .object({
    quota: z.enum(['day', 'month']),
    limit_minutes: z.number().optional().meta({ description: 'Of a quota of audio.' }),
    used_minutes: z.number().optional(),
    held_minutes: z
      .number()
      .optional()
      .meta({ description: 'Estimate for accepted recordings whose length is not known yet.' }),
    limit_characters: z.int().optional().meta({ description: 'Of a quota of text.' }),
    used_characters: z.int().optional(),
    held_characters: z.int().optional().meta({ description: 'Of accepted texts that have not been read yet.' }),
    resets_at: z.iso.datetime(),
    warned_at: z.iso.datetime().nullable().meta({ description: 'When 80 % was first used.' }),
    reached_at: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'When the quota was first used up, or a recording did not fit.' }),
  })
  .meta({ id: 'Quota' });
export type WireQuota = z.infer<typeof wireQuotaSchema>;

const report = {
  from: z.iso.date(),
  to: z.iso.date(),
  currency: z.string(),
  price_per_audio_minute: z.number().meta({ description: 'The current price, applied to all days.' }),
  /** Absent: an older service answers. */
  price_per_thousand_characters: z.number().optional().meta({ description: 'The same for texts that are spoken.' }),
  days: z.array(wireUsageDaySchema),
  total: wireUsageAmountsSchema,
};

/** `GET /admin/usage`: of all keys. */
export const wireUsageReportSchema = z.object(report).meta({ id: 'UsageReport' });
export type WireUsageReport = z.infer<typeof wireUsageReportSchema>;

/** `GET /usage`: of the caller. */
export const wireOwnUsageSchema = z.object({ ...report, quotas: z.array(wireQuotaSchema) }).meta({ id: 'OwnUsage' });
export type WireOwnUsage = z.infer<typeof wireOwnUsageSchema>;

/** Body of the webhooks (Standard Webhooks) about a quota; each is sent once in a period. */
export const wireQuotaEventSchema = z
  .object({
    type: z.enum(['quota.warning', 'quota.reached']),
    timestamp: z.iso.datetime(),
    data: z.object({
      key_id: z.string(),
      name: z.string(),
      quota: z.enum(['day', 'month']),
      percent: z.int(),
      /** Of a quota of audio. */
      limit_minutes: z.number().optional(),
      used_minutes: z.number().optional(),
      /** Of a quota of text. */
      limit_characters: z.number().optional(),
      used_characters: z.number().optional(),
      resets_at: z.iso.datetime(),
    }),
  })
  .meta({ id: 'QuotaEvent' });
export type WireQuotaEvent = z.infer<typeof wireQuotaEventSchema>;
