#!/usr/bin/env node
/**
 * `pnpm test:images`: builds all images but CUDA's, looks into each, runs the Compose file with two workers, the
 * all-in-one image and the one of the page, and writes what it found into docs/images.md. It needs Docker with its Compose plugin, and minutes.
 *
 *   --build-option=OPTION   handed on to `docker build` (may be repeated), such as --build-option=--network=host
 *   --no-build              tests the images of the last call as they are
 *   --redis-image=IMAGE     for Redis, instead of redis:7-alpine. Where that one cannot be pulled, the all-in-one image,
 *                           which has a redis-server, takes its place.
 *   --postgres-image=IMAGE  for PostgreSQL, instead of postgres:17-alpine. Where that one cannot be pulled, Compose runs
 *                           without a library, and the report says so.
 *
 * Exit codes: 0 all is as it should be, or there is no Docker here (the reason is said); 1 something is not.
 */
import { createServer } from 'node:net';
import { arch } from 'node:os';
import { parseArgs } from 'node:util';
import { checkAllInOne } from './images/all-in-one-check.mjs';
import { ComposeCheck } from './images/compose-check.mjs';
import { docker, tryDocker, watchDocker, whatIsMissing } from './images/docker.mjs';
import { examined } from './images/one-image.mjs';
import { writeReport } from './images/report.mjs';
import { checkWeb } from './images/web-check.mjs';
import { root } from './setup/root.mjs';
import { say } from './setup/terminal.mjs';

const IMAGE_TAG = 'test';

/** The last one first: Docker's classic builder makes every stage before it on the way. */
const IMAGES = [
  { name: 'all-in-one', tag: `sotto:${IMAGE_TAG}`, maxMegabytes: 600, hasEngine: true, hasFfmpeg: true },
  { name: 'worker', tag: `sotto-worker:${IMAGE_TAG}`, maxMegabytes: 550, hasEngine: true, hasFfmpeg: true },
  { name: 'api', tag: `sotto-api:${IMAGE_TAG}`, maxMegabytes: 300, hasEngine: false, hasFfmpeg: true },
  { name: 'web', tag: `sotto-web:${IMAGE_TAG}`, maxMegabytes: 220, hasEngine: false, hasFfmpeg: false },
];

const { values: options } = parseArgs({
  options: {
    'build-option': { type: 'string', multiple: true, default: [] },
    'no-build': { type: 'boolean', default: false },
    'redis-image': { type: 'string', default: 'redis:7-alpine' },
    'postgres-image': { type: 'string', default: 'postgres:17-alpine' },
  },
});

async function build() {
  for (const { name, tag } of IMAGES)
    await watchDocker(['build', ...options['build-option'], '--target', name, '--tag', tag, root]);
}

/** null: it is not here, and cannot be pulled. */
function available(image) {
  const isThere = tryDocker(['image', 'inspect', image]).status === 0 || tryDocker(['pull', image]).status === 0;
  return isThere ? image : null;
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function checkCompose(redisImage, postgresImage) {
  const check = new ComposeCheck({ imageTag: IMAGE_TAG, redisImage, postgresImage, port: await freePort() });
  try {
    return await check.run();
  } catch (error) {
    say(check.logs());
    throw error;
  } finally {
    check.close();
  }
}

async function test() {
  if (!options['no-build']) await build();
  const images = IMAGES.map((image) => ({ ...image, ...examined(image) }));
  const redis = available(options['redis-image']) ?? IMAGES[0].tag;
  const postgres = available(options['postgres-image']);
  const checks = [
    ...(await checkCompose(redis, postgres)),
    ...(await checkAllInOne(IMAGES[0].tag, await freePort())),
    ...(await checkWeb(IMAGES[3].tag, await freePort())),
  ];
  const engine = docker(['version', '--format', '{{.Server.Version}}']);
  writeReport({
    images,
    checks,
    machine: `${arch()}, Docker ${engine}, Redis from the image \`${redis.replace(IMAGE_TAG, 'latest')}\`, ${postgres === null ? 'without PostgreSQL, whose image cannot be had there' : `PostgreSQL from \`${postgres}\``}`,
  });
  const problems = images.flatMap(({ name, problems }) => problems.map((problem) => `${name}: ${problem}`));
  for (const problem of problems) say(problem);
  say(
    problems.length === 0
      ? 'The images are as they should be; the report is in docs/images.md.'
      : 'See docs/images.md.',
  );
  return problems.length === 0 ? 0 : 1;
}

const missing = whatIsMissing();
if (missing !== null) say(`Skipped: ${missing}.`);
else process.exitCode = await test();
