import * as z from 'zod';
import { SCOPES } from './scopes.ts';

/** Someone who signs in with an identity provider. */
export const wireUserSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    /** null: the provider does not tell. */
    email: z.string().nullable(),
    /** That pages are shown in, such as `de`; null: the browser's. */
    language: z.string().nullable(),
  })
  .meta({ id: 'User' });
export type WireUser = z.infer<typeof wireUserSchema>;

/** `GET /auth/session`: who is here, and how others can sign in. */
export const wireSessionStateSchema = z
  .object({
    /** Whether this browser may use the service. true also while keys are off: then everything belongs to one local owner. */
    signed_in: z.boolean(),
    keys_enabled: z.boolean(),
    /** `operator`: may use /admin. null: nobody is signed in. */
    role: z.enum(['user', 'operator']).nullable(),
    scopes: z.array(z.enum(SCOPES)),
    /** null: nobody, or one who signed in with an API key. */
    user: wireUserSchema.nullable(),
    /** The API key that was signed in with. */
    key: z.object({ id: z.string(), name: z.string() }).nullable(),
    /** To be sent as X-CSRF-Token with everything but GET; null: not needed. */
    csrf_token: z.string().nullable(),
    /** The session ends then, however much it is used. */
    expires_at: z.iso.datetime().nullable(),
    sign_in: z.object({
      /** With an API key: `POST /auth/session`. */
      key: z.boolean(),
      /** With an identity provider: a browser goes to `url`, with `?return_to=` and a path of this service. */
      oidc: z.object({ name: z.string(), url: z.string() }).nullable(),
    }),
  })
  .meta({ id: 'SessionState' });
export type WireSessionState = z.infer<typeof wireSessionStateSchema>;

/** What a user wants of every transcription: fields of `POST /transcribe`, which pages fill in. */
const defaultsSchema = z
  .record(z.string().regex(/^[a-z_]{1,50}$/), z.union([z.string().max(500), z.number(), z.boolean()]))
  .refine((defaults) => Object.keys(defaults).length <= 50, 'at most 50 fields')
  .meta({ description: 'Fields of `POST /transcribe` that pages fill in, such as `{"diarize": true}`.' });

/** `GET /auth/profile`. */
export const wireProfileSchema = wireUserSchema
  .extend({ role: z.enum(['user', 'operator']), defaults: defaultsSchema, created_at: z.iso.datetime() })
  .meta({ id: 'Profile' });
export type WireProfile = z.infer<typeof wireProfileSchema>;

/** Body of `PATCH /auth/profile`: what is left out stays as it is. */
export const profileChangesSchema = z.strictObject({
  name: z.string().trim().min(1).max(100).optional(),
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/)
    .nullable()
    .optional()
    .meta({ description: "That pages are shown in, such as `de`; null: the browser's." }),
  defaults: defaultsSchema.optional(),
});
export type ProfileChanges = z.infer<typeof profileChangesSchema>;

/** A key that a user has made. It opens the user's account: the same jobs, limits and quotas. */
export const wireOwnKeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    status: z.enum(['active', 'expired', 'revoked']),
    scopes: z.array(z.enum(SCOPES)),
    created_at: z.iso.datetime(),
    expires_at: z.iso.datetime().nullable(),
  })
  .meta({ id: 'OwnKey' });
export type WireOwnKey = z.infer<typeof wireOwnKeySchema>;

export const wireOwnKeyListSchema = z.object({ keys: z.array(wireOwnKeySchema) }).meta({ id: 'OwnKeyList' });
export type WireOwnKeyList = z.infer<typeof wireOwnKeyListSchema>;

/** The only time its secret is told. */
export const wireNewOwnKeySchema = wireOwnKeySchema.extend({ key: z.string() }).meta({ id: 'NewOwnKey' });
export type WireNewOwnKey = z.infer<typeof wireNewOwnKeySchema>;

/** Body of `POST /auth/keys`. */
export const ownKeyFormSchema = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z
    .array(z.enum(SCOPES))
    .min(1)
    .optional()
    .meta({ description: 'Of those that the user has. Default: transcribe and read.' }),
  expires_at: z.iso.datetime({ offset: true }).nullable().optional().meta({ description: 'null: never.' }),
});
export type OwnKeyForm = z.infer<typeof ownKeyFormSchema>;

/** Body of `POST /auth/session`. */
export const keySignInSchema = z.strictObject({ key: z.string().min(1).max(500) });

/** `DELETE /auth/session`. */
export const wireSignOutSchema = z
  .object({
    /** Where the browser goes to sign out of the identity provider, too; null: nowhere. */
    sign_out_url: z.string().nullable(),
  })
  .meta({ id: 'SignOut' });
export type WireSignOut = z.infer<typeof wireSignOutSchema>;

/** `GET /auth/sessions`: last opened first. */
export const wireSessionListSchema = z
  .object({
    sessions: z.array(
      z.object({
        id: z.string(),
        created_at: z.iso.datetime(),
        last_seen_at: z.iso.datetime(),
        expires_at: z.iso.datetime(),
        user_agent: z.string().nullable(),
        /** The one that asks. */
        current: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'SessionList' });
export type WireSessionList = z.infer<typeof wireSessionListSchema>;
