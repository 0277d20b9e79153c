import { AUDIT_ACTIONS, type WireAuditPage, wireAuditPageSchema } from '@sotto/contracts';
import type { AuditStream } from '@sotto/queue';
import { z } from 'zod';
import { type Endpoint, endpoint } from '../http/endpoint.ts';

const MAX_PAGE = 500;

const query = z.strictObject({
  action: z.enum(AUDIT_ACTIONS).optional(),
  key_id: z.string().max(32).optional().meta({ description: 'Only entries of this key.' }),
  cursor: z.string().max(50).optional().meta({ description: '`next_cursor` of the previous page.' }),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(100),
});

export function auditEndpoint({ auditStream }: { auditStream: Pick<AuditStream, 'page'> }): Endpoint {
  return endpoint({
    method: 'get',
    path: '/admin/audit',
    summary: 'Audit log, newest first',
    description:
      'Key changes, uploads, deletions, admin actions and rejected logins on all API processes. A page may have fewer entries than requested, or none, and still have a `next_cursor`.',
    tag: 'admin',
    access: 'admin',
    query,
    answers: { 200: { description: 'A page.', content: { 'application/json': wireAuditPageSchema } } },
    errors: ['invalid_parameter'],
    handle: async ({ query: { action = null, key_id: keyId = null, cursor = null, limit }, response }) => {
      const { entries, nextCursor } = await auditStream.page({ action, keyId }, limit, cursor);
      response.set('Cache-Control', 'no-store').json({ entries, next_cursor: nextCursor } satisfies WireAuditPage);
    },
  });
}
