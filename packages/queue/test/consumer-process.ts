/** A worker in a process of its own: `consumer-process.ts JSON`. Prints "ready"; SIGTERM drains it. */
import { connectRedis, type QueueSettings, startConsumers } from '../src/index.ts';
import { type Script, scriptedHandlers } from './scripted.ts';

export interface ConsumerOptions {
  redisUrl: string;
  settings: QueueSettings;
  script: Script;
  graceMs: number;
  concurrency: { prepare: number; transcribe: number; speak: number };
}

const options = JSON.parse(process.argv[2] ?? '') as ConsumerOptions;
const redis = connectRedis(options.redisUrl, 'worker');
const consumers = await startConsumers({
  redisUrl: options.redisUrl,
  settings: options.settings,
  roles: ['prepare', 'transcribe'],
  handlers: scriptedHandlers(redis, options.settings, options.script),
  concurrency: options.concurrency,
  onEvent: (event) => console.log(JSON.stringify(event)),
});
process.once('SIGTERM', async () => {
  await consumers.drain(options.graceMs);
  await redis.quit();
});
console.log('ready');
