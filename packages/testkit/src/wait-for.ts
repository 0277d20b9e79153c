import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  /** Completes "Waited N ms in vain for ...". */
  what: string;
  timeoutMs?: number;
  intervalMs?: number;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_INTERVAL_MS = 25;

/**
 * Asks `condition` again and again until it gives something other than false, null or undefined, and returns that.
 * A condition that throws is asked again; its last error is the cause of the final one.
 */
export async function waitFor<T>(
  condition: () => T | Promise<T>,
  { what, timeoutMs = DEFAULT_TIMEOUT_MS, intervalMs = DEFAULT_INTERVAL_MS }: WaitOptions,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const { value, error } = await attempt(condition);
    if (isSomething(value)) return value;
    if (Date.now() >= deadline) throw new Error(`Waited ${timeoutMs} ms in vain for ${what}.`, { cause: error });
    await delay(intervalMs);
  }
}

async function attempt<T>(condition: () => T | Promise<T>): Promise<{ value?: T; error?: unknown }> {
  try {
    return { value: await condition() };
  } catch (error) {
    return { error };
  }
}

function isSomething<T>(value: T | undefined): value is Exclude<T, false | null | undefined> {
  return value !== undefined && value !== null && value !== false;
}
