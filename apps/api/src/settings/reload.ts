import { type AddressGuard, EnvReload, logLevelOf, type RootLogger } from '@sotto/runtime';
import { type ApiEnv, apiEnv } from './env.ts';
import { type ApiSettings, settingsOf } from './settings.ts';

/** Reads the configuration again, for what may change while the process runs. */
export function reloadOf(
  env: ApiEnv,
  read: () => ApiEnv,
  { settings, guard, logger }: { settings: ApiSettings; guard: AddressGuard; logger: RootLogger },
): EnvReload<typeof apiEnv.shape> {
  const apply = (now: ApiEnv): void => {
    Object.assign(settings, settingsOf(now));
    guard.allow(now.ALLOWED_NETWORKS);
    logger.setLevel(logLevelOf(now));
  };
  return new EnvReload({ schema: apiEnv, env, read, apply });
}
