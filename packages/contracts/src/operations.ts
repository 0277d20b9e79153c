import * as z from 'zod';

/** `POST /admin/reload`: names of settings. */
export const wireReloadSchema = z
  .object({
    /** In effect now. */
    changed: z.array(z.string()),
    /** Takes effect at the next start. */
    needs_restart: z.array(z.string()),
  })
  .meta({ id: 'Reload' });
