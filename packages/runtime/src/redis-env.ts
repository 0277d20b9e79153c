import { EnvError } from './env.ts';
import { envText, type Host, hostOf } from './env-entry.ts';

/** Where Redis is. Part of sharedEnv. */
export const redisEnv = {
  REDIS_URL: envRedisUrl().default('redis://127.0.0.1:6379/0').meta({
    description:
      'Redis 6.2 or newer, set to `maxmemory-policy noeviction`. With Sentinels `redis+sentinel://HOST:26379,HOST:26379/MASTER/0`, with a Redis Cluster `redis+cluster://HOST:6379,HOST:6379`; `rediss` in the place of `redis` is TLS.',
    secret: 'url',
  }),
  REDIS_PASSWORD: envText()
    .optional()
    .meta({ description: 'Password of Redis, when it is not part of REDIS_URL.', secret: true }),
  REDIS_SENTINEL_PASSWORD: envText()
    .optional()
    .meta({ description: 'Password of the Sentinels, when it is not that of Redis.', secret: true }),
};

/** As `connectRedis` of @sotto/queue takes it. */
export interface RedisAddress {
  /** Password and user, database, TLS; and the server, unless one of the others says where it is. */
  url: string;
  /** They know which server is the master now. */
  sentinels?: { hosts: readonly Host[]; master: string; password: string | undefined };
  clusterNodes?: readonly Host[];
}

/** The forms of REDIS_URL. */
export function envRedisUrl() {
  return envText().refine((text) => formOf(text) !== null, {
    message:
      'must be an address that starts with redis:// or rediss://, or has the form redis+sentinel://HOST:PORT,HOST:PORT/MASTER or redis+cluster://HOST:PORT',
  });
}

/** @throws EnvError when values contradict each other. */
export function redisAddressOf(env: {
  REDIS_URL: string;
  REDIS_PASSWORD?: string | undefined;
  REDIS_SENTINEL_PASSWORD?: string | undefined;
  QUEUE_PREFIX: string;
}): RedisAddress {
  const form = formOf(env.REDIS_URL);
  if (form === null) throw new EnvError(['REDIS_URL is no address of Redis']);
  const url = withPassword(form.url, env.REDIS_PASSWORD);
  if (form.kind === 'server') return { url };
  if (form.kind === 'sentinel') {
    const own = decodeURIComponent(new URL(url).password);
    const password = env.REDIS_SENTINEL_PASSWORD ?? (own === '' ? undefined : own);
    return { url, sentinels: { hosts: form.hosts, master: form.master, password } };
  }
  if (!HASH_TAG.test(env.QUEUE_PREFIX)) {
    throw new EnvError([
      'QUEUE_PREFIX must have a hash tag, such as {sotto}, on a Redis Cluster: all keys of a service lie on one node',
    ]);
  }
  return { url, clusterNodes: form.hosts };
}

const HASH_TAG = /\{[^}]+\}/;

type Form =
  | { kind: 'server'; url: string; hosts: Host[] }
  | { kind: 'sentinel'; url: string; hosts: Host[]; master: string }
  | { kind: 'cluster'; url: string; hosts: Host[] };

/** URL knows only one host. `url` is that of the first one, so that the rest can be read with it. */
const SEVERAL = /^(rediss?)\+(sentinel|cluster):\/\/(?:([^@/]*)@)?([^@/]+)(?:\/([\w.-]+))?(?:\/(\d+))?\/?$/;

/** null: none of them. */
function formOf(text: string): Form | null {
  if (/^rediss?:\/\//.test(text)) return serverForm(text);
  const [, scheme, kind, login, list = '', master, database = '0'] = SEVERAL.exec(text) ?? [];
  if (scheme === undefined) return null;
  const hosts = list.split(',').map((item) => hostOf(item, kind === 'sentinel' ? 26_379 : 6379));
  const known = hosts.filter((host) => host !== null);
  const url = `${scheme}://${login === undefined ? '' : `${login}@`}${list.split(',')[0]}/${database}`;
  if (known.length < hosts.length || !URL.canParse(url)) return null;
  if (kind === 'sentinel') return master === undefined ? null : { kind, url, hosts: known, master };
  // A cluster has one database, and no master of a name.
  return master === undefined && database === '0' ? { kind: 'cluster', url, hosts: known } : null;
}

function serverForm(url: string): Form | null {
  if (!URL.canParse(url)) return null;
  const { hostname, port } = new URL(url);
  if (hostname.includes(',')) return null;
  return { kind: 'server', url, hosts: [{ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) }] };
}

/** Where the servers, Sentinels or nodes of a REDIS_URL are. */
export function redisHostsOf(text: string): readonly Host[] {
  return formOf(text)?.hosts ?? [];
}

/** @throws EnvError when there are two. */
function withPassword(address: string, password: string | undefined): string {
  if (password === undefined) return address;
  const url = new URL(address);
  if (url.password !== '') throw new EnvError(['REDIS_PASSWORD must not be set when REDIS_URL has a password']);
  url.password = encodeURIComponent(password);
  return url.href;
}
