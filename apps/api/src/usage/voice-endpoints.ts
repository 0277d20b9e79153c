import { wireVoiceUsageSchema } from '@sotto/contracts';
import type { Usage } from '@sotto/queue';
import { type Endpoint, endpoint } from '../http/endpoint.ts';
import { rangeOf, rangeQuery } from './range.ts';
import { voiceReport } from './voice-report.ts';

export interface VoiceUsageDeps {
  usage: Pick<Usage, 'voices'>;
}

const common = {
  method: 'get',
  query: rangeQuery,
  answers: { 200: { description: 'The use.', content: { 'application/json': wireVoiceUsageSchema } } },
  errors: ['invalid_parameter'],
} as const satisfies Partial<Endpoint>;

/** What voices have spoken: for the caller, and for everybody. */
export function voiceUsageEndpoints({ usage }: VoiceUsageDeps): Endpoint[] {
  return [
    endpoint({
      ...common,
      path: '/usage/voices',
      summary: 'What voices have spoken for you, by day',
      description:
        'Days are UTC; texts count on the day they were accepted, once they are completed. Kept for USAGE_DAYS.',
      tag: 'speech',
      access: 'key',
      handle: async ({ query, principal: { keyId }, response }) => {
        const range = rangeOf(query);
        const days = await usage.voices.ofKey(keyId, range.from, range.to);
        response.set('Cache-Control', 'no-store').json(voiceReport(range, days));
      },
    }),
    endpoint({
      ...common,
      path: '/admin/usage/voices',
      summary: 'What voices have spoken for all keys, by day',
      tag: 'admin',
      access: 'admin',
      handle: async ({ query, response }) => {
        const range = rangeOf(query);
        const days = await usage.voices.ofAll(range.from, range.to);
        response.set('Cache-Control', 'no-store').json(voiceReport(range, days));
      },
    }),
  ];
}
