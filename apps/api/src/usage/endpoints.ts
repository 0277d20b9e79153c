import {
  keyStatus,
  type WireKeyQuotas,
  type WireOwnUsage,
  wireKeyQuotasSchema,
  wireOwnUsageSchema,
  wireUsageReportSchema,
} from '@sotto/contracts';
import type { ApiKeys, Usage } from '@sotto/queue';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { rangeOf, rangeQuery } from './range.ts';
import { quotaView, usageCsv, usageReport } from './usage-report.ts';

export interface UsageDeps {
  settings: Pick<ApiSettings, 'price'>;
  usage: Usage;
  apiKeys: ApiKeys;
}

const adminQuery = rangeQuery.extend({ format: z.enum(['json', 'csv']).default('json') });

/** What was used: by the caller, and by everybody. */
export function usageEndpoints(deps: UsageDeps): Endpoint[] {
  return [ownEndpoint(deps), adminEndpoint(deps), quotasEndpoint(deps)];
}

function ownEndpoint({ settings, usage }: UsageDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/usage',
    summary: 'Your usage by day, and your quotas',
    description: 'Days are UTC; work counts on the day it was accepted. Kept for USAGE_DAYS.',
    tag: 'operations',
    access: 'key',
    query: rangeQuery,
    answers: { 200: { description: 'Your usage.', content: { 'application/json': wireOwnUsageSchema } } },
    errors: ['invalid_parameter'],
    handle: async ({ query, principal: { keyId, key }, response }) => {
      const range = rangeOf(query);
      const [days, quotas] = await Promise.all([
        usage.ofKey(keyId, range.from, range.to),
        key === null ? [] : usage.quotas(key, Date.now()),
      ]);
      const names = new Map(key === null ? [] : [[key.id, key.name]]);
      response.set('Cache-Control', 'no-store').json({
        ...usageReport(range, days, settings.price, names),
        quotas: quotas.map(quotaView),
      } satisfies WireOwnUsage);
    },
  });
}

function adminEndpoint({ settings, usage, apiKeys }: UsageDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/admin/usage',
    summary: 'Usage of all keys by day',
    tag: 'admin',
    access: 'admin',
    query: adminQuery,
    answers: {
      200: { description: 'Usage.', content: { 'application/json': wireUsageReportSchema, 'text/csv': null } },
    },
    errors: ['invalid_parameter'],
    handle: async ({ query: { format, ...asked }, response }) => {
      const range = rangeOf(asked);
      const [days, keys] = await Promise.all([usage.ofAll(range.from, range.to), apiKeys.list()]);
      const report = usageReport(range, days, settings.price, new Map(keys.map(({ id, name }) => [id, name])));
      response.set('Cache-Control', 'no-store');
      if (format === 'json') response.json(report);
      else response.attachment(`usage-${range.from}-${range.to}.csv`).type('text/csv').send(usageCsv(report));
    },
  });
}

function quotasEndpoint({ usage, apiKeys }: UsageDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/admin/quotas',
    summary: 'Quotas of all keys, and how much of them is used',
    description: 'Of keys that have one and are active.',
    tag: 'admin',
    access: 'admin',
    answers: { 200: { description: 'The quotas.', content: { 'application/json': wireKeyQuotasSchema } } },
    errors: [],
    handle: async ({ response }) => {
      const now = Date.now();
      const keys = (await apiKeys.list()).filter((key) => keyStatus(key, now) === 'active');
      const quotas = await Promise.all(
        keys.map(async (key) =>
          (await usage.quotas(key, now)).map((state) => ({ ...quotaView(state), key_id: key.id, name: key.name })),
        ),
      );
      response.set('Cache-Control', 'no-store').json({ quotas: quotas.flat() } satisfies WireKeyQuotas);
    },
  });
}
