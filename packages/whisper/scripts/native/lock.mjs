/** One builder at a time: a folder is the lock (mkdir is atomic everywhere), its age the sign of life. */
import { mkdirSync, rmSync, statSync, utimesSync } from 'node:fs';

const BEAT_MS = 2_000;
const STALE_MS = 30_000;
const POLL_MS = 500;

function take(folder) {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    return false;
  }
}

function isStale(folder) {
  try {
    return Date.now() - statSync(folder).mtimeMs > STALE_MS;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}

function stamp(folder) {
  try {
    utimesSync(folder, new Date(), new Date());
  } catch (error) {
    if (error.code !== 'ENOENT') throw error; // taken over after this process was asleep for long
  }
}

/** Runs `work` while holding the lock; waits for whoever holds it, and takes over from one that died. */
export async function withLock(folder, say, work) {
  let told = false;
  while (!take(folder)) {
    if (isStale(folder)) {
      rmSync(folder, { recursive: true, force: true });
      continue;
    }
    if (!told) say('Another process is building the same thing; waiting for it.');
    told = true;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  const beat = setInterval(() => stamp(folder), BEAT_MS);
  try {
    return await work();
  } finally {
    clearInterval(beat);
    rmSync(folder, { recursive: true, force: true });
  }
}
