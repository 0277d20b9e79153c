import type { Settings } from '../settings.ts';

/** Given by `sotto up` itself, so that a file of a secret must not say something else. */
const OWN_FILES = new Set(['REDIS_URL_FILE']);

/** What the API and the workers of a service on this machine get. */
export function appEnvironment(settings: Settings, env: NodeJS.ProcessEnv, redisUrl: string): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !OWN_FILES.has(name.toUpperCase()));
  return {
    ...Object.fromEntries(kept),
    HOST: settings.host,
    PORT: String(settings.port),
    REDIS_URL: redisUrl,
    TEMP_DIR: settings.blobFolder,
    WHISPER_MODEL: settings.model,
    WHISPER_MODEL_DIR: settings.modelDir,
  };
}
