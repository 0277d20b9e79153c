/**
 * A worker that serves one history after the other, as starting a process takes long: it waits to be told which, and
 * SIGUSR2 takes it out of it, as SIGTERM would. Its lines say when it waits and when it works.
 */
import { once } from 'node:events';
import { connectRedis, startConsumers } from '../../src/index.ts';
import type { ConsumerOptions } from '../consumer-process.ts';
import { scriptedHandlers } from '../scripted.ts';
import { assignmentKey } from './workers.ts';

const redis = connectRedis(process.argv[2] ?? '', 'worker');
for (;;) {
  const released = once(process, 'SIGUSR2');
  console.log('waiting');
  const [, assignment = ''] = (await redis.blpop(assignmentKey(process.pid), 0)) ?? [];
  const { redisUrl, settings, script, concurrency, graceMs } = JSON.parse(assignment) as ConsumerOptions;
  const consumers = await startConsumers({
    redisUrl,
    settings,
    roles: ['prepare', 'transcribe'],
    handlers: scriptedHandlers(redis, settings, script),
    concurrency,
    onEvent: () => {},
  });
  console.log('ready');
  await released;
  await consumers.drain(graceMs);
}
