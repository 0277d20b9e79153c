import { expect, it } from '@jest/globals';
import { dumpRedis, restoreRedis, startRedis } from '@sotto/testkit';

it('what is dumped is what is there, and what is restored is what was dumped', async () => {
  const [from, to] = await Promise.all([startRedis(), startRedis()]);
  try {
    const redis = from.client();
    await redis.set('a:string', 'one\ntwo ü');
    await redis.set('a:short', '1', 'PX', 60_000);
    await redis.hset('a:hash', { z: '1', b: '{"x":1}', empty: '' });
    await redis.rpush('a:list', 'b', 'a', 'b');
    await redis.sadd('a:set', 'y', 'x');
    await redis.zadd('a:zset', 7356339330711552, 'late', '-inf', 'first', 1.5, 'b');
    await redis.xadd('a:stream', '5-1', 'e', '{}', 'f', '2');
    await redis.xadd('a:stream', '5-2', 'e', '');
    await redis.set('b:other', '1');
    const dumped = await dumpRedis(redis, 'a');
    expect(dumped.map(({ key }) => key)).toEqual([
      'a:hash',
      'a:list',
      'a:set',
      'a:short',
      'a:stream',
      'a:string',
      'a:zset',
    ]);
    expect(dumped.find(({ key }) => key === 'a:zset')?.value).toEqual([
      ['first', '-inf'],
      ['b', '1.5'],
      ['late', '7356339330711552'],
    ]);
    await restoreRedis(to.client(), dumped);
    const again = await dumpRedis(to.client(), 'a');
    const [short] = again.filter(({ ttlMs }) => ttlMs !== undefined);
    expect(short).toMatchObject({ key: 'a:short', ttlMs: expect.any(Number) });
    const lasting = ({ ttlMs, ...rest }: (typeof again)[number]) => rest;
    expect(again.map(lasting)).toEqual(dumped.map(lasting));
  } finally {
    await Promise.all([from.close(), to.close()]);
  }
});
