import { wireHealthSchema, wireIdentitySchema } from '@sotto/contracts';
import { VERSION } from '@sotto/runtime';
import type { z } from 'zod';
import { type AdminOptions, reach } from '../../connection/admin.ts';
import { CommandError } from '../../exit-codes.ts';
import type { ServiceOptions } from '../../options/service.ts';
import { readSettings } from '../../settings.ts';
import { type Check, ok, problem, warning } from './check.ts';

type Health = z.infer<typeof wireHealthSchema>;

/** @throws CommandError where none answers */
export async function checkServiceFromAfar({ server, apiKey }: ServiceOptions): Promise<Check[]> {
  const key = apiKey ?? readSettings(process.env).apiKey ?? undefined;
  const options = { ...(server !== undefined && { server }), ...(key !== undefined && { adminKey: key }) };
  const health = wireHealthSchema.parse(await (await reach(options, 'GET', '/health', undefined, [503])).json());
  return [checkHealth(health), checkVersion(health), await checkKey(options)];
}

function checkHealth({ status, workers, model, warnings }: Health): Check {
  const detail = `${status}, workers: ${workers}, model: ${model ?? 'none'}`;
  if (status === 'healthy' && warnings.length === 0) return ok('service', detail);
  const hint = warnings.join('; ') || 'its log says why';
  return status === 'unhealthy' ? problem('service', detail, hint) : warning('service', detail, hint);
}

function checkVersion({ version }: Health): Check {
  if (version === VERSION) return ok('version', version);
  const detail = `the service has ${version}, this is ${VERSION}`;
  return warning('version', detail, 'what only one of them knows does not work');
}

async function checkKey(options: AdminOptions): Promise<Check> {
  try {
    const answer = await reach(options, 'GET', '/auth/verify');
    const { keys_enabled: isNeeded, name } = wireIdentitySchema.parse(await answer.json());
    return ok('key', isNeeded ? `it is that of ${name ?? 'a client'}` : 'none is needed');
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return problem('key', error.message, 'name one with --api-key or API_KEY');
  }
}
