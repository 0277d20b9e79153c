#!/usr/bin/env node
/**
 * Builds the native engine (packages/whisper/build/sotto_whisper.node) unless a build of exactly these inputs is cached.
 *
 *   node scripts/build-native.mjs                       the addon; prints its path on stdout, all else on stderr
 *   node scripts/build-native.mjs --whisper-cli-stock   whisper-cli from the same sources, upstream's own flags
 *
 * SOTTO_CACHE_DIR   where builds are kept (default: $XDG_CACHE_HOME/sotto or ~/.cache/sotto)
 * SOTTO_PORTABLE=1  x86-64-v3 instead of this machine's own processor: for images that run elsewhere
 * SOTTO_CUDA=1      with NVIDIA GPUs; SOTTO_CUDA_ARCHITECTURES="75;80;86;90" to choose which
 *
 * Exit codes: 0 built or cached, 1 the build failed (log named), 2 a tool is missing, 64 unknown option.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compile } from './native/compile.mjs';
import { buildPlan, packageFolder } from './native/inputs.mjs';
import { withLock } from './native/lock.mjs';
import { copySources } from './native/sources.mjs';
import { findTools, MissingToolError } from './native/tools.mjs';

const say = (line) => process.stderr.write(`${line}\n`);

/** The cached file of `plan`, built first when it is not there. Parallel calls make one build. */
async function cached(plan, tools) {
  const target = join(plan.folder, plan.artifact);
  if (existsSync(target)) return target;
  mkdirSync(plan.parent, { recursive: true });
  return withLock(`${plan.work}.lock`, say, async () => {
    if (existsSync(target)) return target;
    say(`Building ${plan.title} (the first time takes 1-5 minutes)`);
    mkdirSync(plan.work, { recursive: true });
    const source = plan.kind === 'addon' ? plan.whisperSource : copySources(plan, join(plan.work, 'source'));
    const built = await compile(plan, {
      source,
      build: join(plan.work, 'build'),
      log: join(plan.work, 'build.log'),
      tools,
      say,
    });
    publish(built, plan);
    return target;
  });
}

/** Whole or not at all. Checkouts in different folders build side by side: the first one's file stays. */
function publish(built, { folder, artifact }) {
  const finished = `${folder}.${process.pid}`;
  mkdirSync(finished, { recursive: true });
  copyFileSync(built, join(finished, artifact));
  try {
    renameSync(finished, folder);
  } catch (error) {
    if (!existsSync(join(folder, artifact))) throw error;
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

async function main(args) {
  const stock = args.includes('--whisper-cli-stock');
  const unknown = args.filter((arg) => arg !== '--whisper-cli-stock');
  if (unknown.length > 0) {
    say(`Unknown option ${unknown[0]}. Known: --whisper-cli-stock`);
    return 64;
  }
  const tools = findTools(process.env);
  const plan = buildPlan(stock ? 'whisper-cli' : 'addon', process.env, tools);
  const file = await cached(plan, tools);
  process.stdout.write(`${stock ? file : install(file, plan.hash)}\n`);
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  say(error.message);
  process.exitCode = error instanceof MissingToolError ? 2 : 1;
}
