/** A copy of the whisper.cpp sources with our patches in it. The npm package is never written to. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { filesBelow } from './inputs.mjs';

const LIBRARY = ['CMakeLists.txt', 'LICENSE', 'cmake', 'ggml', 'include', 'src'];
const PROGRAMS = ['examples', 'bindings', 'scripts'];

/** Leaves files alone that are as they should be, so that a later build compiles only what changed. */
export function prepareSources(plan, folder, tools) {
  const fresh = `${folder}.fresh`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  for (const name of plan.kind === 'addon' ? LIBRARY : [...LIBRARY, ...PROGRAMS]) {
    cpSync(join(plan.whisperSource, name), join(fresh, name), { recursive: true, dereference: true });
  }
  for (const patch of plan.patches) apply(patch, fresh, tools);
  for (const file of filesBelow(fresh)) replaceIfDifferent(file, join(folder, relative(fresh, file)));
  rmSync(fresh, { recursive: true, force: true });
  return folder;
}

function replaceIfDifferent(from, to) {
  if (existsSync(to) && readFileSync(from).equals(readFileSync(to))) return;
  mkdirSync(dirname(to), { recursive: true });
  renameSync(from, to);
}

function apply(patch, folder, tools) {
  // Inside somebody's repository `git apply` would skip every file it does not track and call that a success.
  const env = { ...process.env, GIT_CEILING_DIRECTORIES: dirname(folder) };
  delete env.GIT_DIR;
  delete env.GIT_WORK_TREE;
  const done = spawnSync(tools.git.path, ['apply', '--whitespace=nowarn', patch], {
    cwd: folder,
    env,
    encoding: 'utf8',
  });
  if (done.status === 0) return;
  throw new Error(`${basename(patch)} does not fit the whisper.cpp sources of this nodejs-whisper:\n${done.stderr}`);
}
