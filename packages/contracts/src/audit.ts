import * as z from 'zod';

/**
 * What is worth remembering who did it. `login.refused`: a missing, wrong or too small key. `admin.read`, `admin.act`:
 * anything else under /admin.
 */
export const AUDIT_ACTIONS = [
  'login.refused',
  'session.create',
  'session.end',
  'profile.change',
  'upload.accept',
  'live.open',
  'live.secret',
  'job.delete',
  'job.raise',
  'webhook.replay',
  'worker.drain',
  'key.create',
  'key.change',
  'key.rotate',
  'key.webhook_secret',
  'key.revoke',
  'vocabulary.put',
  'vocabulary.delete',
  'dictionary.put',
  'dictionary.delete',
  'consent.create',
  'consent.change',
  'consent.delete',
  'voice.create',
  'voice.change',
  'voice.delete',
  'item.change',
  'item.delete',
  'folder.create',
  'folder.change',
  'folder.delete',
  'link.create',
  'link.revoke',
  'feedback.give',
  'feedback.withdraw',
  'library.settings',
  'library.dump',
  'library.export',
  'library.import',
  'admin.read',
  'admin.act',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** One line of the audit log. Nothing in it is secret, and nothing of a recording but its job's id. */
export const auditEntrySchema = z
  .object({
    time: z.iso.datetime(),
    action: z.enum(AUDIT_ACTIONS),
    /** Of the answer; null: the client left before it. */
    status: z.int().nullable(),
    /** Of the error it was refused with. */
    error: z.string().nullable(),
    /** Who did it; null: nobody known. */
    key_id: z.string().nullable(),
    /** What it was done to: an id of a key, a job or a voice, the name of a list of terms or a dictionary. */
    target: z.string().nullable(),
    method: z.string(),
    path: z.string(),
    address: z.string().nullable(),
    user_agent: z.string().nullable(),
    request_id: z.string(),
    /** Stands for so many refused logins of a network within a minute; `address` is the network. Absent: for itself. */
    count: z.int().optional(),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** `GET /admin/audit`: newest first. */
export const wireAuditPageSchema = z
  .object({ entries: z.array(auditEntrySchema), next_cursor: z.string().nullable() })
  .meta({ id: 'AuditPage' });
export type WireAuditPage = z.infer<typeof wireAuditPageSchema>;
