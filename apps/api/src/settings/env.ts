import { envFlag, envInteger, envList, envNumber, envText, sharedEnv } from '@sotto/runtime';
import { storageEnv } from '@sotto/storage';
import { z } from 'zod';

/**
 * The API's configuration. The owner's names (specification 7.1) keep their meaning; the description is the row of
 * docs/configuration.md.
 */
export const apiEnv = z.object({
  ...sharedEnv,
  ...storageEnv,
  HOST: envText()
    .default('127.0.0.1')
    .meta({ description: 'Address to listen on; images set `0.0.0.0`. Other machines can reach it only then.' }),
  PORT: envInteger(0, 65_535).default(8000).meta({ description: 'Port to listen on; `0`: any free one.' }),
  MAX_FILE_SIZE: envInteger(1).default(1_073_741_824).meta({ description: 'Bytes that one upload may have.' }),
  MAX_BATCH_FILES: envInteger(1, 10_000).default(100).meta({ description: 'Recordings that one batch may have.' }),
  MAX_BATCH_SIZE: envInteger(1)
    .default(10_737_418_240)
    .meta({ description: 'Bytes that the files of one batch may have in all.' }),
  UPLOAD_IDLE_TIMEOUT: envNumber(0.1).default(30).meta({
    description:
      'Seconds without a byte after which an upload ends with 408: a stalled client holds a socket and a file.',
  }),
  UPLOAD_KEEP_TIME: envInteger(60, 2_592_000).default(86_400).meta({
    description:
      'Seconds that a resumable upload (tus) may stand still before it is forgotten and its bytes are removed.',
  }),
  URL_FETCH_TIMEOUT: envNumber(0.1).default(600).meta({
    description: 'Seconds that fetching a recording from the address in `url` may take.',
  }),
  SYNC_TIMEOUT: envNumber(0).default(300).meta({
    description:
      'Seconds that a synchronous request waits before it answers 202 with the status address. Keep it below the limits of proxies in front.',
  }),
  EVENT_HEARTBEAT: envNumber(0.01, 3600).default(15).meta({
    description:
      'Seconds between the comments that keep proxies from closing an event stream on which nothing happens. Keep it below their idle limits.',
  }),
  DIALECT_TIMEOUT: envNumber(1, 604_800).default(3600).meta({
    description:
      'Seconds that clients of other APIs (OpenAI, Bazarr) wait for their answer; then 504, and the same request again joins the work.',
  }),
  OPENAI_MODEL_MAP: envText().optional().meta({
    description:
      "What OpenAI's model names mean here: `whisper-1=large-v3,gpt-4o-transcribe=auto`, or a JSON object. `auto`, and every name of OpenAI's that is not listed: the current model.",
  }),
  ASR_MAX_DURATION: envInteger(1).default(14_400).meta({
    description:
      'Seconds of sound that a recording sent to /asr or /detect-language may have, in place of MAX_DURATION.',
  }),
  SHUTDOWN_GRACE: envNumber(0)
    .default(10)
    .meta({ description: 'Seconds that requests in flight get to finish at a stop; waiting clients then get 202.' }),
  ENABLE_ASYNC: envFlag().default(true).meta({ description: '`false`: requests with `async=true` are refused.' }),
  ENABLE_RATE_LIMIT: envFlag()
    .default(true)
    .meta({ description: 'Limits requests that create work, per key or else per client address.' }),
  RATE_LIMIT_PER_MINUTE: envInteger(1).default(30).meta({ description: 'How many of them in any 60 seconds.' }),
  TRUST_PROXY: envText().default('false').meta({
    description:
      'Whose X-Forwarded-For is believed: `false`, a number of proxies, or a list of addresses and networks (`loopback` is one).',
  }),
  ENABLE_API_KEY: envFlag()
    .default(false)
    .meta({ description: 'Every call but health and documentation needs a key.' }),
  API_KEY: envText()
    .min(8, 'must have at least 8 characters')
    .optional()
    .meta({ description: 'The first key; needed when keys are on.', secret: true }),
  ADMIN_API_KEY: envText().min(8, 'must have at least 8 characters').optional().meta({
    description:
      'Opens /admin from anywhere. Without it /admin answers the first key or, with keys off, only this machine.',
    secret: true,
  }),
  DASHBOARD_WRITABLE: envFlag()
    .default(false)
    .meta({ description: 'Lets /admin/queues retry, pause and remove jobs; otherwise it only shows them.' }),
  AUDIT_LOG_FILE: envText().default('data/audit/audit.jsonl').meta({
    description:
      'Audit log; its file of a day has the day in its name (`audit-2026-11-21.jsonl`). `none`: only in Redis.',
  }),
  AUDIT_DAYS: envInteger(1, 4000).default(400).meta({ description: 'Days that files of the audit log are kept.' }),
  AUDIT_MAX_ENTRIES: envInteger(1)
    .default(100_000)
    .meta({ description: 'Entries, about, that /admin/audit can go back; they are in Redis.' }),
  USAGE_DAYS: envInteger(1, 4000).default(400).meta({ description: 'Days that usage per key and day is kept.' }),
  PRICE_PER_AUDIO_MINUTE: envNumber(0)
    .default(0)
    .meta({ description: 'What a transcribed minute costs, in the reports of /usage and /admin/usage.' }),
  PRICE_CURRENCY: envText().default('EUR').meta({ description: 'Of that price; a word for the reports.' }),
  CORS_ORIGINS: envList().default([]).meta({
    description:
      'Web origins that may call from a browser, comma separated; `*`: all. None by default: any page could read your jobs.',
  }),
  MEMORY_THRESHOLD_PERCENT: envNumber(1, 100)
    .default(90)
    .meta({ description: 'Used memory above which new work gets 503. 100: never.' }),
  MIN_FREE_DISK: envInteger(0)
    .default(268_435_456)
    .meta({ description: 'Bytes that must stay free beside TEMP_DIR; else new work gets 503.' }),
  MAX_QUEUE_LENGTH: envInteger(1)
    .default(10_000)
    .meta({ description: 'Waiting recordings above which new work gets 503.' }),
  MAX_QUEUED_HOURS: envNumber(0)
    .default(2000)
    .meta({ description: 'Hours of accepted sound yet to be transcribed above which new work gets 503.' }),
});

export type ApiEnv = z.output<typeof apiEnv>;
