/** A copy of the whisper.cpp sources: their build writes into its own folder, and the npm package is never written to. */
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { filesBelow } from './inputs.mjs';

const COPIED = ['CMakeLists.txt', 'LICENSE', 'cmake', 'ggml', 'include', 'src', 'examples', 'bindings', 'scripts'];

/** Leaves files alone that are as they should be, so that a later build compiles only what changed. */
export function copySources(plan, folder) {
  const fresh = `${folder}.fresh`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  for (const name of COPIED) {
    cpSync(join(plan.whisperSource, name), join(fresh, name), { recursive: true, dereference: true });
  }
  for (const file of filesBelow(fresh)) replaceIfDifferent(file, join(folder, relative(fresh, file)));
  rmSync(fresh, { recursive: true, force: true });
  return folder;
}

function replaceIfDifferent(from, to) {
  if (existsSync(to) && readFileSync(from).equals(readFileSync(to))) return;
  mkdirSync(dirname(to), { recursive: true });
  renameSync(from, to);
}
