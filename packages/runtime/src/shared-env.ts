import { envChoice, envFlag, envInteger, envNetworks, envText, envUrl } from './env-entry.ts';
import { LOG_LEVELS } from './log-levels.ts';
import { redisEnv } from './redis-env.ts';
import { VERSION } from './version.ts';

/**
 * What the API and the workers must agree on. Defaults suit one machine and a data folder in the current directory;
 * container images set the specification's values.
 */
export const sharedEnv = {
  APP_NAME: envText().default('transcription-service').meta({ description: 'Name of the service in log lines.' }),
  APP_VERSION: envText().default(VERSION).meta({ description: 'Version reported by /health and in log lines.' }),
  LOG_LEVEL: envChoice(LOG_LEVELS)
    .default('INFO')
    .meta({ description: `Lowest level that is logged: ${LOG_LEVELS.join(', ')}.`, reload: true }),
  DEBUG: envText()
    // The npm package `debug` uses this name for its own patterns: those are no error here, they mean false.
    .transform((text) => ['true', '1', 'yes', 'on'].includes(text.toLowerCase()))
    .default(false)
    .meta({ description: '`true` sets the log level to DEBUG, whatever LOG_LEVEL says.', reload: true }),
  ...redisEnv,
  QUEUE_PREFIX: envText()
    .regex(
      /^(?=.)[\w-]*(\{[\w-]+\})?[\w-]*$/,
      'must consist of letters, digits, - and _, of which some may be in braces',
    )
    .default('sotto')
    .meta({
      description:
        'Prefix of every Redis key, so that several services can share one Redis. On a Redis Cluster with a hash tag: `{sotto}`.',
    }),
  TEMP_DIR: envText().default('data/blobs').meta({
    description:
      'Folder for uploads and decoded audio, shared by the API and all workers. With `STORAGE=s3` it can be local: it only holds recordings while they are decoded.',
  }),
  JOB_RESULT_TTL: envInteger(1).default(86_400).meta({ description: 'Seconds for which a finished job is kept.' }),
  MAX_DURATION: envInteger(1)
    .default(3600)
    .meta({ description: 'Longest recording that is accepted, in seconds.', reload: true }),
  WHISPER_MODEL: envText().default('auto').meta({
    description:
      'Model for requests that do not name one. `auto` takes the best one installed, or downloads one if there is none.',
  }),
  WHISPER_MODEL_DIR: envText().default('data/models').meta({ description: 'Folder with the model files.' }),
  ALLOWED_NETWORKS: envNetworks().default([]).meta({
    description:
      'Private networks and addresses that `url` and `webhook_url` may point to, such as `10.1.0.0/16,127.0.0.1`. If empty, only public addresses are called.',
    reload: true,
  }),
  WEBHOOK_SECRET: envText()
    .refine(isWebhookSecret, 'must be `whsec_` followed by 24 to 64 bytes in base64')
    .optional()
    .meta({
      description:
        'Secret that signs webhooks (Standard Webhooks): `whsec_` followed by 24 to 64 random bytes in base64. Without it, `webhook_url` is refused.',
      secret: true,
      reload: true,
    }),
  OTEL_EXPORTER_OTLP_ENDPOINT: envUrl('http', 'https').optional().meta({
    description:
      'Address of a collector of OpenTelemetry, such as `http://localhost:4318`, that gets traces (OTLP over HTTP). Without it, nothing is traced.',
  }),
  ENABLE_METRICS: envFlag().default(true).meta({ description: 'Serves Prometheus metrics at /metrics.' }),
};

function isWebhookSecret(text: string): boolean {
  const key = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1];
  const bytes = key === undefined ? 0 : Buffer.from(key, 'base64').length;
  return bytes >= 24 && bytes <= 64;
}

/** The log level in effect. */
export function logLevelOf(env: {
  LOG_LEVEL: (typeof LOG_LEVELS)[number];
  DEBUG: boolean;
}): (typeof LOG_LEVELS)[number] {
  return env.DEBUG ? 'DEBUG' : env.LOG_LEVEL;
}
