import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { EnvError, parseEnv } from './env.ts';
import { redisAddressOf, redisEnv, redisHostsOf } from './redis-env.ts';
import { sharedEnv } from './shared-env.ts';

const schema = z.object({ ...redisEnv, QUEUE_PREFIX: sharedEnv.QUEUE_PREFIX });
const addressOf = (env: Record<string, string>) => redisAddressOf(parseEnv(schema, env));

describe('redisAddressOf', () => {
  it('adds the password, whatever is in it, and refuses two', () => {
    const password = 'p%40:/ @ä';
    const url = new URL(addressOf({ REDIS_URL: 'redis://host:1/2', REDIS_PASSWORD: password }).url);
    expect([decodeURIComponent(url.password), url.host, url.pathname]).toEqual([password, 'host:1', '/2']);
    expect(addressOf({ REDIS_URL: 'redis://host:1/2' })).toEqual({ url: 'redis://host:1/2' });
    expect(() => addressOf({ REDIS_URL: 'redis://:a@host', REDIS_PASSWORD: 'b' })).toThrow(EnvError);
  });

  it('knows Sentinels, with the usual port, and the password of Redis where they have none of their own', () => {
    const REDIS_URL = 'rediss+sentinel://user@a,b:1,[::1]:2/main/3';
    expect(addressOf({ REDIS_URL, REDIS_PASSWORD: 'secret' })).toEqual({
      url: 'rediss://user:secret@a/3',
      sentinels: {
        hosts: [
          { host: 'a', port: 26_379 },
          { host: 'b', port: 1 },
          { host: '::1', port: 2 },
        ],
        master: 'main',
        password: 'secret',
      },
    });
    expect(addressOf({ REDIS_URL }).sentinels?.password).toBeUndefined();
    const own = { REDIS_URL, REDIS_PASSWORD: 'secret', REDIS_SENTINEL_PASSWORD: 'other' };
    expect(addressOf(own).sentinels?.password).toBe('other');
  });

  it('knows nodes of a cluster, where the prefix needs a hash tag', () => {
    const REDIS_URL = 'redis+cluster://:p%40@a,b:7001';
    expect(addressOf({ REDIS_URL, QUEUE_PREFIX: '{sotto}' })).toEqual({
      url: 'redis://:p%40@a/0',
      clusterNodes: [
        { host: 'a', port: 6379 },
        { host: 'b', port: 7001 },
      ],
    });
    expect(() => addressOf({ REDIS_URL })).toThrow(/QUEUE_PREFIX must have a hash tag/);
  });

  it.each([
    'redis+sentinel://a:1',
    'redis+sentinel:///main',
    'redis+sentinel://a:b/main',
    'redis+sentinel://a:0,b/main',
    'redis+sentinel://a:70000/main',
    'redis+cluster://a,,b',
    'redis+cluster://a/1',
    'redis+cluster://a/main/1',
    'redis://a,b',
    'redis+other://a',
    'http://a',
  ])('refuses %s, without showing it', (REDIS_URL) => {
    expect(() => addressOf({ REDIS_URL })).toThrow(/REDIS_URL must be an address .* \(its value is not shown\)/);
  });

  it('says where all of them are', () => {
    expect(redisHostsOf('rediss://:secret@[::1]/2')).toEqual([{ host: '::1', port: 6379 }]);
    expect(redisHostsOf('redis+cluster://a,b:1').map(({ host }) => host)).toEqual(['a', 'b']);
  });

  it.each(['sotto', '{sotto}', 'a{b}-c', '{a_b}'])('takes the prefix %s', (prefix) => {
    expect(parseEnv(schema, { QUEUE_PREFIX: prefix }).QUEUE_PREFIX).toBe(prefix);
  });

  it.each(['{}', '{a', 'a}b', '{a}{b}', 'a:b', 'ä'])('refuses the prefix %s', (prefix) => {
    expect(() => parseEnv(schema, { QUEUE_PREFIX: prefix })).toThrow(EnvError);
  });
});
