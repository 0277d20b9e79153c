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
