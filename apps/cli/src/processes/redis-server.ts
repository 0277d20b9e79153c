import type { Program } from './program.ts';

/** A redis-server that saves no snapshots. @param settings others, by their names in redis.conf */
export function redisServer(
  folder: string,
  settings: Record<string, string>,
  rest: Pick<Program, 'isReady' | 'graceMs' | 'isChatty'>,
): Program {
  const all = { dir: folder, save: '', ...settings };
  return {
    name: 'redis',
    command: 'redis-server',
    args: Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]),
    env: process.env,
    cwd: folder,
    ...rest,
  };
}
