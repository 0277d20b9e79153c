import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { Receiver, seededRandom } from '@sotto/testkit';
import { Clients } from './clients.ts';
import type { Fault } from './fault.ts';
import { type Material, type MaterialCounts, materials } from './material.ts';
import { LOSS } from './redis-faults.ts';
import { Site } from './site.ts';
import { type Fingerprint, fingerprintOf, judge, type Verdict } from './verdict.ts';
import { type Order, workload } from './workload.ts';

export interface ChaosOptions {
  jobs: number;
  materials: MaterialCounts;
  /** Of everything random: orders, faults, victims, times. */
  seed: number;
  /** For so long, new orders come and faults strike. */
  sendingMs: number;
  /** Between two faults of one place, at most. */
  longestPauseMs: number;
  faults: readonly Fault[];
  apis: number;
  workers: number;
  say(line: string): void;
}

export interface ChaosReport extends Verdict {
  seed: number;
  jobs: number;
  tookMs: number;
  refusals: number;
  /** How often each fault struck; a text: why it could not be done here. */
  strikes: Record<string, number | string>;
}

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
/** Longer than what Redis loses, and than it takes to come back. */
const KEEP_AFTER_END = '10';
const ENV = { KEEP_AFTER_END, WEBHOOK_SECRET: SECRET, ALLOWED_NETWORKS: '127.0.0.1', WEBHOOK_RETRY_DELAY: '0.2' };
/** What is left is swept up when it is a minute old, by a sweep every half minute; what was lost is done again before. */
const LEFTOVERS_WITHIN_MS = 210_000;

/** The same orders in peace and in trouble; what differs is reported, and so is what is lost or left behind. */
export async function chaos(options: ChaosOptions): Promise<ChaosReport> {
  const startedMs = performance.now();
  const all = await materials(options.materials);
  options.say(
    `seed ${options.seed}: ${options.jobs} jobs over ${options.materials.recordings} recordings and ${options.materials.texts} texts`,
  );
  const undisturbed = await inPeace(all);
  const receiver = await Receiver.open();
  try {
    const site = await Site.open({ apis: options.apis, workers: options.workers, env: ENV });
    const report = await inTrouble(site, all, receiver, undisturbed, options);
    return { ...report, seed: options.seed, jobs: options.jobs, tookMs: performance.now() - startedMs };
  } finally {
    await receiver.close();
  }
}

/** What each recording and text becomes when nothing happens. */
async function inPeace(all: readonly Material[]): Promise<Fingerprint[]> {
  const site = await Site.open({ apis: 1, workers: 1, env: ENV });
  try {
    const clients = new Clients(site.urls, all, '');
    const plain = { isBatch: false, webhook: false, cache: true, cancelAfterMs: null, at: 0 };
    for (const material of all.keys()) await clients.carryOut({ ...plain, materials: [material] });
    const made = await Promise.all(clients.accepted.map((job) => fingerprintOf(clients, job)));
    await clients.deleteTexts();
    return clients.accepted.map((_, index) => made[index] ?? '');
  } finally {
    await site.close();
  }
}

async function inTrouble(
  site: Site,
  all: readonly Material[],
  receiver: Receiver,
  undisturbed: readonly Fingerprint[],
  options: ChaosOptions,
) {
  let closing: Promise<string[]> | null = null;
  try {
    const clients = new Clients(site.urls, all, receiver.url);
    const over = new AbortController();
    const orders = workload(options.jobs, options.materials, options.seed);
    const [strikes] = await Promise.all([
      faultsUntil(over.signal, site, options),
      send(clients, orders, options.sendingMs).finally(() => over.abort()),
    ]);
    options.say(`sent, ${clients.accepted.length} jobs accepted; waiting for their ends`);
    const verdict = await judge(clients, undisturbed, receiver, Number(strikes[LOSS] ?? 0) > 0);
    await clients.deleteTexts();
    closing = leftovers(site);
    return { ...verdict, leftovers: await closing, refusals: clients.refusals, strikes };
  } catch (error) {
    // What went wrong first is what is told.
    if (closing === null) await site.close({ leftovers: true }).catch((late: unknown) => options.say(String(late)));
    throw error;
  }
}

async function send(clients: Clients, orders: readonly Order[], sendingMs: number): Promise<void> {
  await Promise.all(
    orders.map(async (order) => {
      await delay(order.at * sendingMs);
      await clients.carryOut(order);
    }),
  );
}

/**
 * Each fault in turn, in an order of chance, one at a time in each place: each at least once, and on until the signal.
 * None is cut short.
 */
async function faultsUntil(signal: AbortSignal, site: Site, options: ChaosOptions): Promise<ChaosReport['strikes']> {
  const strikes: ChaosReport['strikes'] = {};
  const possible: Fault[] = [];
  for (const fault of options.faults) {
    const reason = fault.unavailable?.(site) ?? null;
    strikes[fault.name] = reason ?? 0;
    if (reason === null) possible.push(fault);
  }
  const lanes = (['processes', 'infrastructure'] as const).map(async (place, lane) => {
    const random = seededRandom(options.seed * 2 + lane);
    const here = possible.filter((fault) => fault.place === place);
    for (let turn = 0; turn < here.length || (here.length > 0 && !signal.aborted); turn += 1) {
      if (turn % here.length === 0) here.sort(() => random() - 0.5);
      await delay(random() * options.longestPauseMs);
      const fault = here[turn % here.length];
      if (fault === undefined || (turn >= here.length && signal.aborted)) return;
      options.say(fault.name);
      await fault.strike(site, random);
      strikes[fault.name] = Number(strikes[fault.name]) + 1;
    }
  });
  await Promise.all(lanes);
  return strikes;
}

/** Stops everything; what stays behind, line by line. */
async function leftovers(site: Site): Promise<string[]> {
  try {
    await site.close({ timeoutMs: LEFTOVERS_WITHIN_MS });
    return [];
  } catch (error) {
    return String(error instanceof Error ? error.message : error).split('\n');
  }
}
