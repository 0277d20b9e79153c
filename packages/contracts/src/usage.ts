import { z } from 'zod';

const amounts = {
  requests: z.int().meta({ description: 'Accepted; those that joined a job or found its result too.' }),
  audio_seconds: z.number().meta({ description: 'Of recordings transcribed to the end, each once.' }),
  processing_seconds: z.number().meta({ description: 'Time of engines, also for what failed or was cancelled.' }),
  cost: z.number(),
};

export const wireUsageAmountsSchema = z.object(amounts).meta({ id: 'UsageAmounts' });
export type WireUsageAmounts = z.infer<typeof wireUsageAmountsSchema>;

/** What one key did on one day of UTC: the day its work was accepted. */
export const wireUsageDaySchema = z
  .object({
    day: z.iso.date(),
    key_id: z.string().nullable().meta({ description: 'null: without a key.' }),
    name: z.string().nullable(),
    ...amounts,
  })
  .meta({ id: 'UsageDay' });
export type WireUsageDay = z.infer<typeof wireUsageDaySchema>;

export const wireQuotaSchema = z
  .object({
    quota: z.enum(['day', 'month']),
    limit_minutes: z.number(),
    used_minutes: z.number(),
    held_minutes: z.number().meta({ description: 'Guessed, of recordings that are not decoded yet.' }),
    resets_at: z.iso.datetime(),
    warned_at: z.iso.datetime().nullable().meta({ description: 'When 80 % were used first.' }),
    reached_at: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'When all was used, or a recording did not fit, first.' }),
  })
  .meta({ id: 'Quota' });
export type WireQuota = z.infer<typeof wireQuotaSchema>;

const report = {
  from: z.iso.date(),
  to: z.iso.date(),
  currency: z.string(),
  price_per_audio_minute: z.number().meta({ description: 'The price of now, for all days.' }),
  days: z.array(wireUsageDaySchema),
  total: wireUsageAmountsSchema,
};

/** `GET /admin/usage`: of all keys. */
export const wireUsageReportSchema = z.object(report).meta({ id: 'UsageReport' });
export type WireUsageReport = z.infer<typeof wireUsageReportSchema>;

/** `GET /usage`: of the caller. */
export const wireOwnUsageSchema = z.object({ ...report, quotas: z.array(wireQuotaSchema) }).meta({ id: 'OwnUsage' });
export type WireOwnUsage = z.infer<typeof wireOwnUsageSchema>;

/** Body of the webhooks (Standard Webhooks) that tell of a quota: once each in a period. */
export const wireQuotaEventSchema = z
  .object({
    type: z.enum(['quota.warning', 'quota.reached']),
    timestamp: z.iso.datetime(),
    data: z.object({
      key_id: z.string(),
      name: z.string(),
      quota: z.enum(['day', 'month']),
      percent: z.int(),
      limit_minutes: z.number(),
      used_minutes: z.number(),
      resets_at: z.iso.datetime(),
    }),
  })
  .meta({ id: 'QuotaEvent' });
export type WireQuotaEvent = z.infer<typeof wireQuotaEventSchema>;
