import { wireBatchSchema } from '@sotto/contracts';
import { type Receiver, waitFor } from '@sotto/testkit';
import type { AcceptedJob, Clients } from './clients.ts';

/** A transcript, or a spoken text with its sound, without what differs between two runs of the same work, such as the time that it took. */
export type Fingerprint = string;

export interface Verdict {
  accepted: number;
  completed: number;
  /** Of these, texts that were spoken. */
  spoken: number;
  cancelled: number;
  /** Jobs that were done although they had been cancelled, as Redis has lost that. */
  cancelledInVain: number;
  /** One line for each accepted job that did not end as it should, or batch that did not end. */
  lost: string[];
  /** One line for each transcript or sound that is not that of the undisturbed run. */
  different: string[];
  /** Ids of webhooks that were never called. */
  webhooksMissing: string[];
  webhooksCalled: number;
  /** Calls beyond the first; receivers tell them by their id. */
  webhooksRepeated: number;
  leftovers: string[];
}

/** Of all jobs, from when the last was sent. */
const END_WITHIN_MS = 180_000;
/** Of the last job; ten tries, with doubling pauses. */
const WEBHOOKS_WITHIN_MS = 60_000;

/** Waits for the end of a job, and says what it made. */
export async function fingerprintOf(clients: Clients, job: AcceptedJob): Promise<Fingerprint> {
  const status = await endOf(clients, job.id);
  if (status !== 'completed') throw new Error(`${job.id} ended as ${status}.`);
  return resultOf(clients, job);
}

export async function judge(
  clients: Clients,
  undisturbed: readonly Fingerprint[],
  receiver: Receiver,
  mayForget: boolean,
): Promise<Omit<Verdict, 'leftovers'>> {
  const deadlineMs = performance.now() + END_WITHIN_MS;
  const verdict = {
    completed: 0,
    spoken: 0,
    cancelled: 0,
    cancelledInVain: 0,
    lost: [] as string[],
    different: [] as string[],
  };
  for (const job of clients.accepted) await judgeJob(job, { clients, undisturbed, deadlineMs, mayForget }, verdict);
  for (const id of new Set(clients.accepted.flatMap(({ batchId }) => batchId ?? []))) {
    const { json } = await clients.get(`/batches/${id}`);
    const status = wireBatchSchema.safeParse(json).data?.status;
    if (status !== 'completed') verdict.lost.push(`batch ${id}: ${status}`);
  }
  return { accepted: clients.accepted.length, ...verdict, ...(await webhooks(clients, receiver)) };
}

interface Judging {
  clients: Clients;
  undisturbed: readonly Fingerprint[];
  deadlineMs: number;
  /** Redis may have forgotten that a job was cancelled. */
  mayForget: boolean;
}

async function judgeJob(
  job: AcceptedJob,
  { clients, undisturbed, deadlineMs, mayForget }: Judging,
  verdict: Pick<Verdict, 'completed' | 'spoken' | 'cancelled' | 'cancelledInVain' | 'lost' | 'different'>,
): Promise<void> {
  const { id, material, isCancelled } = job;
  const status = await endOf(clients, id, deadlineMs - performance.now()).catch(() => 'processing');
  // A job that had already ended when it was cancelled was deleted.
  if (isCancelled && ['cancelled', '404', '410'].includes(status)) verdict.cancelled += 1;
  else if (isCancelled && mayForget && status === 'completed') verdict.cancelledInVain += 1;
  else if (isCancelled || status !== 'completed') {
    const { text } = await clients.get(`/status/${id}`);
    verdict.lost.push(`job ${id}${isCancelled ? ' (cancelled)' : ''}: ${text.slice(0, 400)}`);
  } else {
    verdict.completed += 1;
    if (job.isText) verdict.spoken += 1;
    if ((await resultOf(clients, job)) !== undisturbed[material]) verdict.different.push(id);
  }
}

function endOf(clients: Clients, id: string, timeoutMs = END_WITHIN_MS): Promise<string> {
  return waitFor(
    async () => {
      const status = await clients.statusOf(id);
      return status === 'processing' ? null : status;
    },
    { what: `job ${id} to end`, timeoutMs: Math.max(0, timeoutMs), intervalMs: 100 },
  );
}

function resultOf(clients: Clients, { id, isText }: AcceptedJob): Promise<Fingerprint> {
  return isText ? soundOf(clients, id) : transcriptOf(clients, id);
}

async function transcriptOf(clients: Clients, id: string): Promise<Fingerprint> {
  const { status, json, text } = await clients.get(`/jobs/${id}/result?format=verbose_json`);
  if (status !== 200) return `${status} ${text.slice(0, 200)}`;
  const { language, duration, segments, words } = json ?? {};
  return JSON.stringify({ language, duration, segments, words });
}

async function soundOf(clients: Clients, id: string): Promise<Fingerprint> {
  const { status, json, text } = await clients.get(`/jobs/${id}/result?format=json`);
  if (status !== 200) return `${status} ${text.slice(0, 200)}`;
  const { language, duration, pieces, characters } = json ?? {};
  const wav = await clients.get(`/jobs/${id}/result?format=wav`);
  return JSON.stringify({ language, duration, pieces, characters, status: wav.status, sound: wav.digest });
}

async function webhooks(clients: Clients, receiver: Receiver) {
  const called = () => receiver.calls.map(({ headers }) => String(headers['webhook-id']));
  const missing = () => [...clients.webhooks].filter((id) => !called().includes(id));
  await waitFor(() => missing().length === 0, {
    what: 'every webhook to be called',
    timeoutMs: WEBHOOKS_WITHIN_MS,
    intervalMs: 100,
  }).catch(() => {});
  const ids = called();
  return {
    webhooksMissing: missing(),
    webhooksCalled: new Set(ids).size,
    webhooksRepeated: ids.length - new Set(ids).size,
  };
}
