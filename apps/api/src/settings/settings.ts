import { isIP } from 'node:net';
import type { LanguageCode } from '@sotto/contracts';
import type { SessionLimits } from '@sotto/queue';
import { EnvError } from '@sotto/runtime';
import type { ApiEnv } from './env.ts';
import { type ModelMap, parseModelMap } from './model-map.ts';
import { type OidcSettings, oidcSettingsOf } from './oidc.ts';

/** Of transcribed sound, for the reports of usage. */
export interface Price {
  perAudioMinute: number;
  perThousandCharacters: number;
  currency: string;
}

/** What the application needs of its configuration, in its own units. */
export interface ApiSettings {
  /** null: there is no library. */
  databaseUrl: string | null;
  serviceName: string;
  /** Whether traces are sent to a collector. */
  isTraced: boolean;
  version: string;
  /** null: whatever the workers chose. */
  defaultModel: string | null;
  /** Gets a share of the requests that name no model; null: none. */
  secondModel: { name: string; share: number } | null;
  maxFileBytes: number;
  maxBatchFiles: number;
  maxBatchBytes: number;
  maxDurationMs: number;
  uploadIdleMs: number;
  uploadKeepMs: number;
  keepAfterEndMs: number;
  /** For which a client may have the decoded recording kept. */
  maxKeepAudioSeconds: number;
  urlFetchTimeoutMs: number;
  syncTimeoutMs: number;
  eventHeartbeatMs: number;
  dialectTimeoutMs: number;
  openAiModels: ModelMap;
  asrMaxDurationMs: number;
  shutdownGraceMs: number;
  asyncEnabled: boolean;
  knownVoicesEnabled: boolean;
  ownVoicesEnabled: boolean;
  /** null: no limit. */
  rateLimitPerMinute: number | null;
  trustProxy: boolean | number | string[];
  keysEnabled: boolean;
  apiKey: string | null;
  adminApiKey: string | null;
  dashboardWritable: boolean;
  price: Price;
  corsOrigins: string[];
  memoryThresholdPercent: number;
  redisMemoryPercent: number;
  minFreeDiskBytes: number;
  maxQueueLength: number;
  maxQueuedAudioMs: number;
  /** null: no limit. */
  readsPerMinute: number | null;
  maxSpeechCharacters: number;
  maxDocumentBytes: number;
  openAiMaxSpeechCharacters: number;
  maxQueuedCharacters: number;
  /** A client that reads nothing for so long is left. */
  speechIdleMs: number;
  maxStreams: number;
  maxStreamsPerKey: number;
  liveSessionsPerKey: number;
  /** null: Wyoming's clients work for nobody. */
  wyomingKey: string | null;
  publicNames: string[];
  /** Where browsers reach the service; null: nobody has said. */
  publicUrl: URL | null;
  /** With whom people sign in; null: with nobody. */
  oidc: OidcSettings | null;
  /** Of sessions in browsers. */
  sessionLimits: SessionLimits;
  /** Considered when a request names none; empty: all. */
  languages: LanguageCode[];
  wrongKeysPerMinute: number;
  maxOpenUploads: number;
  /** Parts of the whole, 0 to 1. */
  keyShares: { queue: number; hours: number; disk: number };
  metricsEnabled: boolean;
  pageEnabled: boolean;
  webhooksEnabled: boolean;
}

/** @throws EnvError when values contradict each other. */
export function settingsOf(env: ApiEnv): ApiSettings {
  refuseContradictingKeys(env);
  refuseOpenWyoming(env);
  return {
    databaseUrl: env.DATABASE_URL === 'none' ? null : env.DATABASE_URL,
    serviceName: env.APP_NAME,
    isTraced: env.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined,
    version: env.APP_VERSION,
    defaultModel: env.WHISPER_MODEL.toLowerCase() === 'auto' ? null : env.WHISPER_MODEL,
    secondModel:
      env.WHISPER_AB_MODEL === undefined || env.WHISPER_AB_SHARE === 0
        ? null
        : { name: env.WHISPER_AB_MODEL, share: env.WHISPER_AB_SHARE },
    maxFileBytes: env.MAX_FILE_SIZE,
    maxBatchFiles: env.MAX_BATCH_FILES,
    maxBatchBytes: env.MAX_BATCH_SIZE,
    maxDurationMs: env.MAX_DURATION * 1000,
    uploadIdleMs: env.UPLOAD_IDLE_TIMEOUT * 1000,
    uploadKeepMs: env.UPLOAD_KEEP_TIME * 1000,
    keepAfterEndMs: env.KEEP_AFTER_END * 1000,
    maxKeepAudioSeconds: Math.min(env.MAX_KEEP_AUDIO, env.JOB_RESULT_TTL),
    urlFetchTimeoutMs: env.URL_FETCH_TIMEOUT * 1000,
    syncTimeoutMs: env.SYNC_TIMEOUT * 1000,
    eventHeartbeatMs: env.EVENT_HEARTBEAT * 1000,
    dialectTimeoutMs: env.DIALECT_TIMEOUT * 1000,
    openAiModels: modelMapOf(env.OPENAI_MODEL_MAP ?? ''),
    asrMaxDurationMs: env.ASR_MAX_DURATION * 1000,
    shutdownGraceMs: env.SHUTDOWN_GRACE * 1000,
    asyncEnabled: env.ENABLE_ASYNC,
    knownVoicesEnabled: env.ENABLE_KNOWN_VOICES,
    ownVoicesEnabled: env.ENABLE_OWN_VOICES,
    rateLimitPerMinute: env.ENABLE_RATE_LIMIT ? env.RATE_LIMIT_PER_MINUTE : null,
    trustProxy: parseTrustProxy(env.TRUST_PROXY),
    keysEnabled: env.ENABLE_API_KEY || env.OIDC_ISSUER !== undefined,
    apiKey: env.API_KEY ?? null,
    adminApiKey: env.ADMIN_API_KEY ?? null,
    dashboardWritable: env.DASHBOARD_WRITABLE,
    price: {
      perAudioMinute: env.PRICE_PER_AUDIO_MINUTE,
      perThousandCharacters: env.PRICE_PER_THOUSAND_CHARACTERS,
      currency: env.PRICE_CURRENCY,
    },
    corsOrigins: env.CORS_ORIGINS,
    memoryThresholdPercent: env.MEMORY_THRESHOLD_PERCENT,
    redisMemoryPercent: env.REDIS_MEMORY_THRESHOLD_PERCENT,
    minFreeDiskBytes: env.MIN_FREE_DISK,
    maxQueueLength: env.MAX_QUEUE_LENGTH,
    readsPerMinute: env.ENABLE_RATE_LIMIT ? env.READS_PER_MINUTE : null,
    maxStreams: env.MAX_STREAMS,
    maxStreamsPerKey: env.MAX_STREAMS_PER_KEY,
    liveSessionsPerKey: env.LIVE_SESSIONS_PER_KEY,
    wyomingKey: env.WYOMING_API_KEY ?? null,
    publicNames:
      env.PUBLIC_URL === undefined ? env.PUBLIC_NAMES : [...env.PUBLIC_NAMES, new URL(env.PUBLIC_URL).hostname],
    publicUrl: env.PUBLIC_URL === undefined ? null : new URL(env.PUBLIC_URL),
    oidc: oidcSettingsOf(env),
    sessionLimits: { idleMs: env.SESSION_IDLE_TIME * 1000, maxMs: env.SESSION_MAX_TIME * 1000 },
    languages: env.LANGUAGES,
    wrongKeysPerMinute: env.WRONG_KEYS_PER_MINUTE,
    maxOpenUploads: env.MAX_OPEN_UPLOADS,
    keyShares: { queue: env.KEY_QUEUE_SHARE / 100, hours: env.KEY_HOURS_SHARE / 100, disk: env.KEY_DISK_SHARE / 100 },
    maxSpeechCharacters: env.MAX_SPEECH_CHARACTERS,
    maxDocumentBytes: env.MAX_DOCUMENT_SIZE,
    openAiMaxSpeechCharacters: env.OPENAI_MAX_SPEECH_CHARACTERS,
    maxQueuedCharacters: env.MAX_QUEUED_CHARACTERS,
    speechIdleMs: env.SPEECH_IDLE_TIMEOUT * 1000,
    maxQueuedAudioMs: Math.round(env.MAX_QUEUED_HOURS * 3_600_000),
    metricsEnabled: env.ENABLE_METRICS,
    pageEnabled: env.ENABLE_PAGE,
    webhooksEnabled: env.WEBHOOK_SECRET !== undefined,
  };
}

/**
 * A key that nobody is asked for is worse than none: whoever set it believes the service to be closed.
 *
 * @throws EnvError
 */
function refuseContradictingKeys(env: ApiEnv): void {
  // Users are asked who they are; keys are something that they may have.
  if (env.OIDC_ISSUER !== undefined) return;
  if (env.ENABLE_API_KEY && env.API_KEY === undefined && env.ADMIN_API_KEY === undefined) {
    throw new EnvError(['API_KEY must be set when ENABLE_API_KEY is true']);
  }
  if (!env.ENABLE_API_KEY && env.API_KEY !== undefined && !env.ALLOW_OPEN_ACCESS) {
    throw new EnvError([
      'API_KEY is set, but keys are off, so anyone could use the service: set ENABLE_API_KEY=true, remove API_KEY, or set ALLOW_OPEN_ACCESS=true if that is intended',
    ]);
  }
}

/** It would be a way around the keys. @throws EnvError */
function refuseOpenWyoming(env: ApiEnv): void {
  const isClosed = env.ENABLE_API_KEY || env.OIDC_ISSUER !== undefined;
  if (env.WYOMING_PORT === undefined || !isClosed || env.WYOMING_API_KEY !== undefined) return;
  throw new EnvError([
    'WYOMING_API_KEY must be set when WYOMING_PORT is and keys are on: Wyoming has no keys of its own',
  ]);
}

/** proxy-addr's names for ranges of addresses. */
const NETWORK_NAMES = ['loopback', 'linklocal', 'uniquelocal'];

/**
 * `true` is one hop, never "believe everybody": a header that any client can write must not choose its rate limit.
 *
 * @throws EnvError
 */
function parseTrustProxy(text: string): boolean | number | string[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === 'false' || wanted === '0') return false;
  if (wanted === 'true') return 1;
  if (/^\d+$/.test(wanted)) return Number(wanted);
  const parts = wanted.split(',').map((part) => part.trim());
  const wrong = parts.filter((part) => !NETWORK_NAMES.includes(part) && isIP(part.replace(/\/\d{1,3}$/, '')) === 0);
  if (wrong.length === 0) return parts;
  throw new EnvError([
    `TRUST_PROXY: not an address, a network or the name of one: ${JSON.stringify(wrong.join(', '))}`,
  ]);
}

function modelMapOf(text: string): ModelMap {
  try {
    return parseModelMap(text);
  } catch (error) {
    throw new EnvError([`OPENAI_MODEL_MAP: ${error instanceof Error ? error.message : String(error)}`]);
  }
}
