import type { Settings } from '../settings.ts';

/** Given by `sotto up` itself, so that a file of a secret must not say something else. */
const OWN_FILES = new Set(['REDIS_URL_FILE', 'DATABASE_URL_FILE']);

/** What each worker gets in addition: one for every device. The first also prepares recordings. */
export function workerEnvironments({ devices }: Pick<Settings, 'devices'>): { name: string; env: NodeJS.ProcessEnv }[] {
  const [first = 'auto', ...more] = devices;
  const name = (index: number): string => (more.length === 0 ? 'worker' : `worker ${index}`);
  return [
    { name: name(1), env: devices.length === 0 ? {} : { WHISPER_DEVICE: first } },
    ...more.map((device, index) => ({
      name: name(index + 2),
      env: { WHISPER_DEVICE: device, SOTTO_ROLES: 'transcribe' },
    })),
  ];
}

/** What the API and the workers of a service on this machine get. */
export function appEnvironment(settings: Settings, env: NodeJS.ProcessEnv, redisUrl: string): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !OWN_FILES.has(name.toUpperCase()));
  return {
    ...Object.fromEntries(kept),
    HOST: settings.host,
    PORT: String(settings.port),
    REDIS_URL: redisUrl,
    DATABASE_URL: settings.databaseUrl,
    TEMP_DIR: settings.blobFolder,
    WHISPER_MODEL: settings.model,
    WHISPER_MODEL_DIR: settings.modelDir,
  };
}
