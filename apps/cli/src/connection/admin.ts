import { ConnectionError } from '@sotto/client';
import { errorBodySchema } from '@sotto/contracts';
import type { Command } from 'commander';
import type { z } from 'zod';
import { CommandError, EXIT } from '../exit-codes.ts';
import { serviceUrl } from '../options/service.ts';
import { readSettings } from '../settings.ts';
import { addressOfRunning, noAnswer } from './service-address.ts';

export interface AdminOptions {
  server?: string;
  adminKey?: string;
}

/** Which service, and by which key. */
export function addAdminOptions(command: Command): Command {
  return command
    .option('-s, --server <url>', 'service to use (default: SOTTO_SERVER, else the one on this machine)', serviceUrl)
    .option('--admin-key <key>', 'key that may use /admin (default: ADMIN_API_KEY, else API_KEY)');
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

/**
 * @param answers statuses that are no refusal, besides those of success
 * @throws CommandError when no service answers, or it refuses the request; only the former has a cause.
 */
export async function reach(
  options: AdminOptions,
  method: string,
  path: string,
  body?: object,
  answers: readonly number[] = [],
): Promise<Response> {
  const settings = readSettings(process.env);
  const address = await addressOfRunning(options.server, settings);
  const key = options.adminKey ?? settings.adminApiKey ?? settings.apiKey;
  const headers: Record<string, string> = body === undefined ? {} : { 'Content-Type': 'application/json' };
  if (key !== null) headers['X-API-Key'] = key;
  const url = address.url.replace(/\/+$/, '') + path;
  const response = await fetch(url, { method, headers, body: body === undefined ? null : JSON.stringify(body) }).catch(
    (cause: unknown) => {
      throw noAnswer(address, new ConnectionError(url, cause));
    },
  );
  if (response.ok || answers.includes(response.status)) return response;
  const refused = errorBodySchema.safeParse(await response.json().catch(() => null));
  const words = refused.success ? `${refused.data.message} ${refused.data.detail}` : `HTTP status ${response.status}`;
  const isTurnedAway = response.status === 401 || response.status === 403;
  throw new CommandError(`${address.url} refuses: ${words}`, isTurnedAway ? EXIT.unreachable : EXIT.failed);
}
