import { COMPUTE_TYPES, ENGINE_KINDS, ENGINES, ROLES } from '@sotto/contracts';
import { envChoice, envInteger, envList, envNumber, envText, envUrl, sharedEnv } from '@sotto/runtime';
import { storageEnv } from '@sotto/storage';
import { BACKENDS, DEVICES, MAX_SLOTS } from '@sotto/whisper';
import { z } from 'zod';
import { CUDA_INDEX } from './device.ts';
import { remoteSpeechEnv } from './remote-speech-env.ts';

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
  WHISPER_DEVICE: envText()
    .toLowerCase()
    .refine(
      (text) => CUDA_INDEX.test(text) || DEVICES.some((device) => device === text),
      `must be one of ${DEVICES.join(', ')}, cuda:0, cuda:1, ...`,
    )
    .default('auto')
    .meta({
      description:
        'Where models run: auto, cpu, cuda, metal, or `cuda:1` for one GPU of several. `sotto up` takes a list (`cuda:0,cuda:1`) and starts a worker for each.',
    }),
  WHISPER_COMPUTE_TYPE: envChoice(COMPUTE_TYPES).default('float16').meta({
    description: 'Which file of a model is used: float16, int8 (q8_0, or else q5) or float32 (f16, with a warning).',
  }),
  WHISPER_BATCH: envChoice(['auto']).or(envInteger(1, MAX_SLOTS)).default('auto').meta({
    description:
      'Windows decoded together. auto: up to 8, as many as fit into half of the free memory. One additional slot is reserved for the interactive lane.',
  }),
  WHISPER_THREADS: envInteger(0, 256)
    .default(0)
    .meta({ description: 'Threads of the engine, never more than there are cores. 0: all cores, up to 16.' }),
  WHISPER_KERNELS: envChoice(BACKENDS).default('auto').meta({
    description: 'auto: our own kernels if the processor has AVX2. portable: always ggml.',
  }),
  MAX_LOADED_MODELS: envInteger(1, 64)
    .default(2)
    .meta({ description: 'Models kept in memory. The least recently used one is unloaded first.', reload: true }),
  MODEL_IDLE_MINUTES: envNumber(0).default(0).meta({
    description:
      'Minutes without use after which a model is unloaded, the default too; its next window loads it again. 0: never.',
    reload: true,
  }),
  MODEL_MEMORY_BUDGET: envInteger(0).default(0).meta({
    description:
      'Bytes that the loaded models of a worker may take together. 0: what the machine or container has free (on a GPU: no limit). Work for a model that does not fit waits.',
    reload: true,
  }),
  WHISPER_FALLBACK_MODEL: envText().optional().meta({
    description:
      'Model that becomes the default if WHISPER_MODEL cannot be loaded. Results and /health say so. A model that a request names is never replaced.',
  }),
  MODEL_BASE_URL: envUrl('http', 'https')
    .optional()
    .meta({ description: "Mirror to download models from, instead of the catalog's addresses." }),
  LIVE_SESSIONS: envChoice(['auto']).or(envInteger(0, 1_000)).default('auto').meta({
    description:
      'People a worker with the role `transcribe` hears at once while they speak. auto: as many as it can without falling behind, by what it measures. 0: none.',
    reload: true,
  }),
  LIVE_IDLE: envNumber(1).default(60).meta({
    description: 'Seconds after which a live session ends whose client is neither there nor comes back.',
    reload: true,
  }),
  LIVE_MAX_HOURS: envNumber(0.01)
    .default(12)
    .meta({ description: 'Hours after which a live session ends.', reload: true }),
  ENGINE_TIMEOUT: envInteger(1).default(600).meta({
    description: 'Seconds without a sign of life after which the engine is considered hung and the process ends.',
  }),
  OUTAGE_LIMIT: envInteger(1).default(86_400).meta({
    description:
      'Seconds that a job waits for storage, disk space, Redis or models that are away, before it fails with `outage`.',
  }),
  PREPARE_CONCURRENCY: envInteger(1, 64).default(2).meta({
    description:
      'Long recordings decoded at once. As many short ones are decoded, or recordings assembled, at the same time.',
  }),
  DECODE_TIMEOUT: envInteger(1).default(600).meta({
    description:
      'Maximum seconds of processor time for decoding one recording, and of waiting for a sign of progress. A paused or busy machine does not count.',
    reload: true,
  }),
  SPEECH_CACHE_TTL: envInteger(0).default(86_400).meta({
    description:
      'Seconds for which the sound of a sentence is kept for further texts of the same key, also after its job is gone. 0: it is not.',
  }),
  SPEECH_CACHE_BYTES: envInteger(0)
    .default(2 ** 30)
    .meta({ description: 'Bytes that this takes; of more, what was spoken first goes.' }),
  ...remoteSpeechEnv,
  CLEANUP_INTERVAL: envInteger(60)
    .default(3600)
    .meta({ description: 'Age in seconds at which blobs that no job needs are deleted.' }),
  WEBHOOK_TIMEOUT: envNumber(0.1, 30)
    .default(10)
    .meta({ description: 'Seconds a receiver of webhooks has to respond.', reload: true }),
  WEBHOOK_RETRY_DELAY: envNumber(0.01).default(5).meta({
    description:
      'Approximate seconds before the second attempt of a webhook. They double with each of the ten attempts.',
  }),
  SHUTDOWN_GRACE: envInteger(0)
    .default(10)
    .meta({ description: 'Seconds that jobs get to finish at SIGTERM before they are handed over to other workers.' }),
  WORKER_HEALTH_HOST: envText()
    .default('127.0.0.1')
    .meta({ description: 'Address on which a worker serves /health and /metrics. 0.0.0.0 in containers.' }),
  METRICS_PORT: envInteger(0, 65_535).default(0).meta({
    description: 'Port on which a worker serves /health and /metrics. 0: any free port, which its heartbeat reports.',
  }),
});

export type WorkerEnv = z.output<typeof workerEnvSchema>;
