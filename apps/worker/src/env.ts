import { ENGINE_KINDS, ENGINES, ROLES } from '@sotto/contracts';
import { envChoice, envInteger, envList, envNumber, envText, envUrl, sharedEnv } from '@sotto/runtime';
import { storageEnv } from '@sotto/storage';
import { BACKENDS, COMPUTE_TYPES, DEVICES, MAX_SLOTS } from '@sotto/whisper';
import { z } from 'zod';

/** Configuration of a worker process; a test compares docs/configuration.md with it. */
export const workerEnvSchema = z.object({
  ...sharedEnv,
  ...storageEnv,
  SOTTO_ROLES: envList()
    .pipe(z.array(z.enum(ROLES, `may name only ${ROLES.join(', ')}`)).min(1))
    .default([...ROLES])
    .meta({
      description: `\`prepare\` decodes and assembles (CPU), ${ENGINE_KINDS.map((kind) => `\`${kind}\` ${ENGINES[kind].does}`).join(', ')}.`,
    }),
  WHISPER_DEVICE: envChoice(DEVICES)
    .default('auto')
    .meta({ description: 'Where models run: auto, cpu, cuda or metal.' }),
  WHISPER_COMPUTE_TYPE: envChoice(COMPUTE_TYPES).default('float16').meta({
    description: 'Which file of a model is taken: float16, int8 (q8_0, else q5), float32 (f16 and a warning).',
  }),
  WHISPER_BATCH: envChoice(['auto']).or(envInteger(1, MAX_SLOTS)).default('auto').meta({
    description:
      'Windows decoded together; auto: up to 8, as many as half of the free memory holds. One slot more is reserved for the interactive lane.',
  }),
  WHISPER_THREADS: envInteger(0, 256)
    .default(0)
    .meta({ description: 'Threads of the engine, never more than the cores; 0: all cores, up to 16.' }),
  WHISPER_KERNELS: envChoice(BACKENDS).default('auto').meta({
    description: 'auto: own kernels where the processor has AVX2; portable: ggml everywhere.',
  }),
  MAX_LOADED_MODELS: envInteger(1, 64)
    .default(2)
    .meta({ description: 'Models kept in memory; the one used longest ago makes room.' }),
  MODEL_BASE_URL: envUrl('http', 'https')
    .optional()
    .meta({ description: "Mirror to fetch models from, instead of the catalog's addresses." }),
  ENGINE_TIMEOUT: envInteger(1).default(600).meta({
    description: 'Seconds without a sign of life after which the engine counts as hung and the process ends.',
  }),
  PREPARE_CONCURRENCY: envInteger(1, 64).default(2).meta({
    description:
      'Long recordings decoded at once; as many short ones are decoded, or recordings assembled, beside them.',
  }),
  DECODE_TIMEOUT: envInteger(1).default(600).meta({ description: 'Seconds that decoding one recording may take.' }),
  CLEANUP_INTERVAL: envInteger(60)
    .default(3600)
    .meta({ description: 'Age in seconds at which blobs that no job needs are removed.' }),
  WEBHOOK_TIMEOUT: envNumber(0.1, 30)
    .default(10)
    .meta({ description: 'Seconds that a receiver of webhooks has to answer.' }),
  WEBHOOK_RETRY_DELAY: envNumber(0.01).default(5).meta({
    description: 'Seconds, about, before the second try of a webhook; they double with each of the ten.',
  }),
  SHUTDOWN_GRACE: envInteger(0)
    .default(10)
    .meta({ description: 'Seconds that jobs get to finish at SIGTERM before they are handed over to other workers.' }),
  WORKER_HEALTH_HOST: envText()
    .default('127.0.0.1')
    .meta({ description: 'Address of /health and /metrics of a worker; 0.0.0.0 in containers.' }),
  METRICS_PORT: envInteger(0, 65_535)
    .default(0)
    .meta({ description: 'Port of /health and /metrics of a worker; 0: any free one, which its heartbeat reports.' }),
});

export type WorkerEnv = z.output<typeof workerEnvSchema>;
