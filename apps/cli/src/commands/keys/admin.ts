import { errorBodySchema } from '@sotto/contracts';
import type { z } from 'zod';
import { CommandError, EXIT } from '../../exit-codes.ts';
import { readSettings } from '../../settings.ts';

export interface AdminOptions {
  server?: string;
  adminKey?: string;
}

/** @throws CommandError as `reach` does. */
export async function ask<T extends z.ZodType>(
  schema: T,
  options: AdminOptions,
  method: string,
  path: string,
  body?: object,
): Promise<z.output<T>> {
  return schema.parse(await (await reach(options, method, `/admin${path}`, body)).json());
}

/** @throws CommandError when there is no service, it turns us away, or it refuses the request. */
export async function reach(options: AdminOptions, method: string, path: string, body?: object): Promise<Response> {
  const settings = readSettings(process.env);
  const server = options.server ?? settings.server ?? `http://${settings.host}:${settings.port}`;
  const key = options.adminKey ?? settings.adminApiKey ?? settings.apiKey;
  const response = await fetch(server.replace(/\/+$/, '') + path, {
    method,
    headers: { ...(key !== null && { 'X-API-Key': key }), ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new CommandError(`No service answers at ${server}.`, EXIT.unreachable, { cause });
  });
  if (response.ok) return response;
  const refused = errorBodySchema.safeParse(await response.json().catch(() => null));
  const words = refused.success ? `${refused.data.message} ${refused.data.detail}` : `status ${response.status}`;
  const isTurnedAway = response.status === 401 || response.status === 403;
  throw new CommandError(`${server} refuses: ${words}`, isTurnedAway ? EXIT.unreachable : EXIT.failed);
}
