#!/usr/bin/env node
/**
 * Loads the speech engine from a deployed app, as its workers will: `node check-engine.mjs FOLDER`, FOLDER being what
 * deploy.mjs wrote. Exit codes: 0 it loads, 1 it does not (the reasons are on stderr).
 */
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const { resolve: find } = createRequire(join(resolve(process.argv[2] ?? '.'), 'package.json'));

try {
  const { engineInfo } = await import(pathToFileURL(find('@sotto/whisper')).href);
  const { version, features } = engineInfo();
  process.stdout.write(`The speech engine loads: whisper ${version}, ${features.join(' ')}\n`);
} catch (error) {
  for (let cause = error; cause instanceof Error; cause = cause.cause) process.stderr.write(`${cause.message}\n`);
  process.exitCode = 1;
}
