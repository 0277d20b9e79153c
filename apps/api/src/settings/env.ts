import { languageList } from '@sotto/contracts';
import { envFlag, envInteger, envList, envNumber, envText, envUrl, sharedEnv } from '@sotto/runtime';
import { storageEnv } from '@sotto/storage';
import { z } from 'zod';
import { speechEnv } from './speech-env.ts';

/** RFC 6763, 4.1.1: one label of DNS. */
const MAX_SERVICE_NAME_BYTES = 63;

/**
 * The API's configuration. The owner's names (specification 7.1) keep their meaning; the description is the row of
 * docs/configuration.md.
 */
export const apiEnv = z.object({
  ...sharedEnv,
  ...storageEnv,
  HOST: envText().default('127.0.0.1').meta({
    description: 'Address to listen on; images set `0.0.0.0`. With the default, other machines cannot connect.',
  }),
  PORT: envInteger(0, 65_535).default(8000).meta({ description: 'Port to listen on; `0`: any free port.' }),
  WYOMING_PORT: envInteger(1, 65_535).optional().meta({
    description:
      'Port on which Home Assistant and other clients of Wyoming are heard (docs/wyoming.md). Without it, none are.',
  }),
  WYOMING_HOST: envText().default('127.0.0.1').meta({
    description:
      'Address to listen on for them. Wyoming has no keys: whoever reaches this port has what they say transcribed.',
  }),
  WYOMING_API_KEY: envText().optional().meta({
    description: 'API key that their work counts for; required where keys are on.',
    secret: true,
  }),
  WYOMING_ZEROCONF: envText()
    .refine(
      (name) => Buffer.byteLength(name) <= MAX_SERVICE_NAME_BYTES,
      `must have at most ${MAX_SERVICE_NAME_BYTES} bytes`,
    )
    .optional()
    .meta({
      description:
        'Name under which Home Assistant finds it by itself (multicast DNS, `_wyoming._tcp`), such as `Sotto`. Without it, nobody is told.',
    }),
  DATABASE_URL: envText()
    .refine(
      (url) => url === 'none' || /^(postgres(ql)?:\/\/|pglite:.)/.test(url),
      'must be postgres://…, pglite:FOLDER or none',
    )
    .default('none')
    .meta({
      description:
        'Database of the library: `postgres://USER:PASSWORD@HOST/NAME` (PostgreSQL 14 or newer), `pglite:FOLDER` for one in the API process itself, of which there may be only one then, or `none`: nothing is kept. `sotto up` and the all-in-one image set `pglite:`.',
      secret: true,
    }),
  MAX_FILE_SIZE: envInteger(1)
    .default(1_073_741_824)
    .meta({ description: 'Maximum size of one upload in bytes.', reload: true }),
  MAX_BATCH_FILES: envInteger(1, 10_000)
    .default(100)
    .meta({ description: 'Maximum number of recordings in a batch.', reload: true }),
  MAX_BATCH_SIZE: envInteger(1)
    .default(10_737_418_240)
    .meta({ description: 'Maximum total size of the files of a batch in bytes.', reload: true }),
  UPLOAD_IDLE_TIMEOUT: envNumber(0.1).default(30).meta({
    description:
      'Seconds without data after which an upload ends with 408, as a stalled client keeps a socket and a file open.',
    reload: true,
  }),
  UPLOAD_KEEP_TIME: envInteger(60, 2_592_000).default(86_400).meta({
    description: 'Seconds after which a resumable upload (tus) that has not progressed is deleted.',
    reload: true,
  }),
  MAX_KEEP_AUDIO: envInteger(0).default(86_400).meta({
    description:
      'Most seconds for which a client may have the decoded recording kept after a job (`keep_audio`), and never longer than its result. 0: not at all.',
    reload: true,
  }),
  URL_FETCH_TIMEOUT: envNumber(0.1).default(600).meta({
    description: 'Maximum seconds for fetching a recording from `url`.',
    reload: true,
  }),
  SYNC_TIMEOUT: envNumber(0).default(300).meta({
    description:
      'Seconds a synchronous request waits before it responds with 202 and the address of the job. Keep it below the timeouts of proxies in front.',
    reload: true,
  }),
  EVENT_HEARTBEAT: envNumber(0.01, 3600).default(15).meta({
    description:
      'Seconds between the comments that keep proxies from closing an idle event stream. Keep it below their idle timeouts.',
    reload: true,
  }),
  DIALECT_TIMEOUT: envNumber(1, 604_800).default(3600).meta({
    description:
      'Seconds that clients of other APIs (OpenAI, Bazarr) wait for their response. After that they get 504; the same request sent again waits for the same work.',
    reload: true,
  }),
  OPENAI_MODEL_MAP: envText().optional().meta({
    description:
      "Which models OpenAI's names stand for: `whisper-1=large-v3,gpt-4o-transcribe=auto`, or a JSON object. `auto`, and OpenAI names that are not listed, mean the current model.",
    reload: true,
  }),
  WHISPER_AB_MODEL: envText().optional().meta({
    description:
      'Second model for a share of the requests that do not name one, to compare both: metrics of workers have the label `model`.',
    reload: true,
  }),
  WHISPER_AB_SHARE: envNumber(0, 1).default(0).meta({
    description: 'That share, from 0 to 1. The same recording of the same key always gets the same model.',
    reload: true,
  }),
  ASR_MAX_DURATION: envInteger(1).default(14_400).meta({
    description: 'Maximum length in seconds of a recording sent to /asr or /detect-language, instead of MAX_DURATION.',
    reload: true,
  }),
  SHUTDOWN_GRACE: envNumber(0)
    .default(10)
    .meta({ description: 'Seconds that requests in flight have to finish on shutdown; waiting clients then get 202.' }),
  ENABLE_PAGE: envFlag().default(true).meta({
    description:
      'Serves the page at /app. `false`: something in front leads /app to the image `sotto-web` (docs/images.md); browsers that open `/` are sent to /app/ all the same.',
  }),
  ENABLE_ASYNC: envFlag()
    .default(true)
    .meta({ description: '`false`: requests with `async=true` are rejected.', reload: true }),
  ENABLE_KNOWN_VOICES: envFlag().default(false).meta({
    description:
      '`true`: clients may store the voices of people who agreed to be recognized (/voices/speakers), and ask for them (`known_speakers`).',
    reload: true,
  }),
  ENABLE_RATE_LIMIT: envFlag().default(true).meta({
    description: 'Limits requests that create work, per key, or per client address where keys are off.',
    reload: true,
  }),
  RATE_LIMIT_PER_MINUTE: envInteger(1)
    .default(30)
    .meta({ description: 'Maximum number of such requests in any 60 seconds.', reload: true }),
  TRUST_PROXY: envText().default('false').meta({
    description:
      'Whose X-Forwarded-For header is trusted: `false`, a number of proxies, or a list of addresses and networks (such as `loopback`).',
  }),
  ENABLE_API_KEY: envFlag()
    .default(false)
    .meta({ description: 'Requires an API key for every call except health and documentation.' }),
  API_KEY: envText()
    .min(8, 'must have at least 8 characters')
    .optional()
    .meta({ description: 'The first key; required when keys are on.', secret: true, reload: true }),
  ALLOW_OPEN_ACCESS: envFlag().default(false).meta({
    description:
      '`true`: starts although API_KEY is set and keys are off, so that anyone who reaches the service may use it. Otherwise that is taken for a mistake.',
  }),
  ADMIN_API_KEY: envText().min(8, 'must have at least 8 characters').optional().meta({
    description:
      'Gives access to /admin from anywhere. Without it, /admin accepts the first key or, when keys are off, only requests from this machine.',
    secret: true,
    reload: true,
  }),
  DASHBOARD_WRITABLE: envFlag()
    .default(false)
    .meta({ description: 'Allows /admin/queues to retry, pause and remove jobs; by default it is read-only.' }),
  AUDIT_LOG_FILE: envText().default('data/audit/audit.jsonl').meta({
    description:
      'Audit log; each day has a file of its own with the date in its name (`audit-2026-11-21.jsonl`). `none`: only in Redis.',
  }),
  AUDIT_DAYS: envInteger(1, 4000).default(400).meta({ description: 'Days for which files of the audit log are kept.' }),
  AUDIT_MAX_ENTRIES: envInteger(1)
    .default(100_000)
    .meta({ description: 'Approximate number of entries kept in Redis for /admin/audit.' }),
  USAGE_DAYS: envInteger(1, 4000).default(400).meta({ description: 'Days for which usage per key and day is kept.' }),
  PRICE_PER_AUDIO_MINUTE: envNumber(0)
    .default(0)
    .meta({ description: 'Price of a transcribed minute, for the reports of /usage and /admin/usage.', reload: true }),
  PRICE_PER_THOUSAND_CHARACTERS: envNumber(0)
    .default(0)
    .meta({ description: 'Price of a thousand characters that are spoken, for the same reports.', reload: true }),
  PRICE_CURRENCY: envText()
    .default('EUR')
    .meta({ description: 'Currency of these prices, as shown in the reports.', reload: true }),
  CORS_ORIGINS: envList().default([]).meta({
    description:
      'Web origins that may call the API from a browser, separated by commas; `*`: all. None by default, as any page could otherwise read your jobs.',
  }),
  MEMORY_THRESHOLD_PERCENT: envNumber(1, 100).default(90).meta({
    description: 'Memory usage in percent above which new work is rejected with 503. 100: never.',
    reload: true,
  }),
  REDIS_MEMORY_THRESHOLD_PERCENT: envNumber(1, 100).default(80).meta({
    description:
      'Percentage of the `maxmemory` of Redis above which new work is rejected with 503, so that running jobs can always be finished. 100: never. Without `maxmemory` there is no limit.',
    reload: true,
  }),
  MIN_FREE_DISK: envInteger(0).default(268_435_456).meta({
    description: 'Bytes that must stay free on the disk of TEMP_DIR; otherwise new work is rejected with 503.',
    reload: true,
  }),
  READS_PER_MINUTE: envInteger(1).default(1200).meta({
    description:
      'Lists, results and searches that one key, or one client address where keys are off, may read from each API process in a minute; beyond that, 429. Off with ENABLE_RATE_LIMIT=false.',
    reload: true,
  }),
  MAX_STREAMS: envInteger(1).default(5000).meta({
    description: 'Streams of events (SSE, WebSocket) open in one API process; beyond that, 503.',
    reload: true,
  }),
  MAX_STREAMS_PER_KEY: envInteger(1).default(500).meta({
    description: 'Those of one key, or one client address where keys are off, in one API process; beyond that, 429.',
    reload: true,
  }),
  LIVE_SESSIONS_PER_KEY: envInteger(1).default(20).meta({
    description:
      'Live sessions that a key may have open at once; beyond that, 429. A key with fewer jobs at once has fewer.',
    reload: true,
  }),
  PUBLIC_NAMES: envList().default([]).meta({
    description:
      'Names under which clients reach the service, such as `sotto.example.org`, while keys are off. Addresses, `localhost`, names without a dot, and those under `.local`, `.internal`, `.home.arpa` always work; any other name is refused with 403, as a page could have its own name point here (DNS rebinding). `*`: any name.',
    reload: true,
  }),
  PUBLIC_URL: envUrl('https', 'http').optional().meta({
    description:
      'Address under which browsers reach the service, such as `https://sotto.example.org`. Its name counts as one of PUBLIC_NAMES, and with `https` the cookies of sessions are sent over TLS only.',
  }),
  SESSION_IDLE_TIME: envNumber(1, 31_536_000).default(43_200).meta({
    description: 'Seconds without a request after which a session in a browser ends.',
    reload: true,
  }),
  SESSION_MAX_TIME: envNumber(1, 31_536_000).default(604_800).meta({
    description: 'Seconds after which a session in a browser ends in any case.',
    reload: true,
  }),
  OIDC_ISSUER: envUrl('https', 'http').optional().meta({
    description:
      'Address of an OpenID Connect provider, such as `https://id.example.org/realms/staff`, with which people sign in. Turns API keys on; needs OIDC_CLIENT_ID and PUBLIC_URL. `http` on this machine only.',
  }),
  OIDC_CLIENT_ID: envText().optional().meta({ description: 'Name of this service at the provider.' }),
  OIDC_CLIENT_SECRET: envText().optional().meta({
    description:
      'Secret of this service at the provider. Without one it is a public client, which is protected by PKCE alone.',
    secret: true,
  }),
  OIDC_SCOPES: envText().default('openid profile email').meta({
    description: 'What is asked of the provider, separated by spaces. Some want `groups` before they tell them.',
  }),
  OIDC_ROLE_CLAIM: envText().default('groups').meta({
    description:
      'Claim that lists the groups or roles of a user; with dots it leads into objects, such as `realm_access.roles`.',
  }),
  OIDC_OPERATOR_GROUP: envText().optional().meta({
    description:
      'Members of this group are operators, decided anew at each sign-in. Without it the first user who ever signs in is one, and `/admin/keys` makes others.',
  }),
  OIDC_NAME: envText()
    .default('single sign-on')
    .meta({ description: 'What pages call the provider: "Sign in with ...".' }),
  LANGUAGES: envList()
    .transform((names, context) => {
      const parsed = languageList.safeParse(names.join(','));
      if (parsed.success) return parsed.data;
      context.addIssue({ code: 'custom', message: parsed.error.issues.map(({ message }) => message).join('; ') });
      return z.NEVER;
    })
    .default([])
    .meta({
      description:
        'Languages that are spoken to this service, such as `de,en`: only these are considered when a language is detected, which avoids mistakes on short recordings. A request may name any language, or other `languages`. Empty: all.',
      reload: true,
    }),
  WRONG_KEYS_PER_MINUTE: envInteger(1).default(60).meta({
    description:
      'Wrong keys from one network (/24, or /64 of IPv6) within a minute after which only keys that have been used before are accepted from there until the minute is over; others get 429.',
    reload: true,
  }),
  MAX_OPEN_UPLOADS: envInteger(1, 100_000).default(200).meta({
    description:
      'Resumable uploads that one key may have open, unless it has a limit of its own; all together where keys are off.',
    reload: true,
  }),
  KEY_QUEUE_SHARE: envNumber(1, 100).default(50).meta({
    description: 'Percent of MAX_QUEUE_LENGTH that one key may take, unless it has a limit of its own.',
    reload: true,
  }),
  KEY_HOURS_SHARE: envNumber(1, 100).default(50).meta({
    description: 'Percent of MAX_QUEUED_HOURS that one key may take, unless it has a limit of its own.',
    reload: true,
  }),
  KEY_DISK_SHARE: envNumber(1, 100).default(50).meta({
    description:
      'Percent of the disk of TEMP_DIR that the open uploads and unfinished recordings of one key may take, unless it has a limit of its own.',
    reload: true,
  }),
  MAX_QUEUE_LENGTH: envInteger(1)
    .default(10_000)
    .meta({ description: 'Number of waiting recordings from which new work is rejected with 503.', reload: true }),
  ...speechEnv,
  MAX_QUEUED_HOURS: envNumber(0).default(2000).meta({
    description: 'Hours of accepted audio not yet transcribed from which new work is rejected with 503.',
    reload: true,
  }),
});

export type ApiEnv = z.output<typeof apiEnv>;
