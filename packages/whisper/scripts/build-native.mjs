#!/usr/bin/env node
/**
 * Builds the native engine (packages/whisper/build/sotto_whisper.node) unless a build of exactly these inputs is cached.
 *
 *   node scripts/build-native.mjs                       the addon; prints its path on stdout, all else on stderr
 *   node scripts/build-native.mjs --whisper-cli-stock   whisper-cli from the same sources, upstream's own flags
 *   node scripts/build-native.mjs --tests               the engine's own test programs; prints their folder
 *   node scripts/build-native.mjs --sanitized-tests     the same, with address and undefined-behaviour sanitizers
 *
 * SOTTO_CACHE_DIR   where builds are kept (default: $XDG_CACHE_HOME/sotto or ~/.cache/sotto)
 * SOTTO_PORTABLE=1  x86-64-v3 instead of this machine's own processor: for images that run elsewhere
 * SOTTO_CUDA=1      with NVIDIA GPUs; SOTTO_CUDA_ARCHITECTURES="75;80;86;90" to choose which
 *
 * Exit codes: 0 built or cached, 1 the build failed (log named), 2 a tool is missing, 64 unknown option.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compile } from './native/compile.mjs';
import { buildPlan, packageFolder } from './native/inputs.mjs';
import { withLock } from './native/lock.mjs';
import { copySources } from './native/sources.mjs';
import { findTools, MissingToolError } from './native/tools.mjs';

const say = (line) => process.stderr.write(`${line}\n`);

const isWhole = ({ folder, files }) => files.every((file) => existsSync(join(folder, file)));

/** The cached folder of `plan`, built first when it is not there. Parallel calls make one build. */
async function cached(plan, tools) {
  if (isWhole(plan)) return plan.folder;
  mkdirSync(plan.parent, { recursive: true });
  mkdirSync(dirname(plan.work), { recursive: true });
  return withLock(`${plan.work}.lock`, say, async () => {
    if (isWhole(plan)) return plan.folder;
    say(`Building ${plan.title} (the first time takes 1-5 minutes)`);
    mkdirSync(plan.work, { recursive: true });
    const source = plan.project === null ? copySources(plan, join(plan.work, 'source')) : plan.whisperSource;
    const built = await compile(plan, {
      source,
      build: join(plan.work, 'build'),
      log: join(plan.work, 'build.log'),
      tools,
      say,
    });
    publish(built, plan);
    return plan.folder;
  });
}

/** Whole or not at all. Checkouts in different folders build side by side: the first one's files stay. */
function publish(built, plan) {
  const finished = `${plan.folder}.${process.pid}`;
  mkdirSync(finished, { recursive: true });
  for (const file of plan.files) copyFileSync(join(built, file), join(finished, file));
  try {
    renameSync(finished, plan.folder);
  } catch (error) {
    if (!isWhole(plan)) throw error;
  } finally {
    rmSync(finished, { recursive: true, force: true });
  }
}

/** A copy inside the checkout, replaced as a whole: a process that has the old one loaded keeps it. */
function install(from, hash) {
  const folder = join(packageFolder, 'build');
  const target = join(folder, 'sotto_whisper.node');
  const stamp = join(folder, 'sotto_whisper.hash');
  if (existsSync(target) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return target;
  mkdirSync(folder, { recursive: true });
  for (const [file, write] of [
    [target, (path) => copyFileSync(from, path)],
    [stamp, (path) => writeFileSync(path, hash)],
  ]) {
    const temporary = `${file}.${process.pid}`;
    write(temporary);
    renameSync(temporary, file);
  }
  return target;
}

const OPTIONS = { '--whisper-cli-stock': 'whisper-cli', '--tests': 'tests', '--sanitized-tests': 'sanitized-tests' };

async function main(args) {
  const unknown = args.filter((arg) => !Object.hasOwn(OPTIONS, arg));
  if (unknown.length > 0 || args.length > 1) {
    say(`Unknown option ${unknown[0] ?? args[1]}. Known, one at a time: ${Object.keys(OPTIONS).join(', ')}`);
    return 64;
  }
  const kind = args[0] === undefined ? 'addon' : OPTIONS[args[0]];
  const tools = findTools(process.env);
  const plan = buildPlan(kind, process.env, tools);
  const folder = await cached(plan, tools);
  const [file = ''] = plan.files;
  const built = { addon: () => install(join(folder, file), plan.hash), 'whisper-cli': () => join(folder, file) };
  process.stdout.write(`${built[kind]?.() ?? folder}\n`);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  say(error.message);
  process.exitCode = error instanceof MissingToolError ? 2 : 1;
}
