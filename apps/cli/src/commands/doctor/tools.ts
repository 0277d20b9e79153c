import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findMediaTools } from '@sotto/worker';
import { type Check, ok, problem, warning } from './check.ts';

const run = promisify(execFile);

/** Redis 6.2: the oldest with the commands that the queue uses. */
const OLDEST_REDIS = [6, 2] as const;

export async function checkTools(hasOwnRedis: boolean): Promise<Check[]> {
  return [checkNode(), await checkRedisServer(hasOwnRedis), await checkFfmpeg(), await checkCage()];
}

function checkNode(): Check {
  return ok('node', process.versions.node);
}

async function checkRedisServer(hasOwnRedis: boolean): Promise<Check> {
  const version = await firstLine('redis-server', '--version');
  const [, major, minor] = /v=(\d+)\.(\d+)/.exec(version ?? '') ?? [];
  if (version === null) {
    const missing = problem('redis-server', 'not found', 'npm start installs it; or set REDIS_URL');
    return hasOwnRedis ? ok('redis-server', 'not needed: REDIS_URL is set') : missing;
  }
  const [wantedMajor, wantedMinor] = OLDEST_REDIS;
  const isOld = Number(major) < wantedMajor || (Number(major) === wantedMajor && Number(minor) < wantedMinor);
  const text = `${major}.${minor}`;
  return isOld
    ? problem(
        'redis-server',
        `${text} is too old`,
        `install ${OLDEST_REDIS.join('.')} or newer, or set REDIS_URL to one`,
      )
    : ok('redis-server', text);
}

async function checkFfmpeg(): Promise<Check> {
  const version = await firstLine('ffmpeg', '-version');
  if (version === null)
    return warning(
      'ffmpeg',
      'not found',
      'the one of @ffmpeg-installer is used; the package manager of your system has a newer one',
    );
  return ok('ffmpeg', /version (\S+)/.exec(version)?.[1] ?? version);
}

/** What a worker would find: see docs/SECURITY.md. */
async function checkCage(): Promise<Check> {
  const tools = await findMediaTools(process.env.PATH ?? '').catch(() => null);
  if (tools?.cage) return ok('cage of ffmpeg', 'Landlock and seccomp: it reads one file and opens no connection');
  const hint = 'a hostile recording is kept out by limits alone; Linux 5.13 or newer and python3 make a cage possible';
  return warning('cage of ffmpeg', 'none', hint);
}

async function firstLine(command: string, flag: string): Promise<string | null> {
  try {
    const { stdout } = await run(command, [flag], { timeout: 10_000 });
    return stdout.split('\n')[0] ?? '';
  } catch {
    return null;
  }
}
