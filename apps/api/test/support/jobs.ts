import { type WireStatus, wireStatusSchema } from '@sotto/contracts';
import { waitFor } from '@sotto/testkit';
import { type Reply, send, transcribe } from './replies.ts';

/** Posts with async=true; fails unless it is accepted. */
export async function accepted(url: string, bytes: Uint8Array, fields: Record<string, string> = {}): Promise<string> {
  const reply = await transcribe(url, { bytes }, { async: 'true', ...fields });
  if (reply.status !== 202) throw new Error(`Not accepted: ${reply.status} ${reply.text}`);
  return String(reply.json?.job_id);
}

export async function statusOf(url: string, jobId: string): Promise<WireStatus> {
  return wireStatusSchema.parse((await send(`${url}/status/${jobId}`)).json);
}

export function ended(url: string, jobId: string, timeoutMs = 30_000): Promise<WireStatus> {
  return waitFor(
    async () => {
      const status = await statusOf(url, jobId);
      return status.status === 'processing' ? null : status;
    },
    { what: `job ${jobId} to end`, timeoutMs },
  );
}

export const remove = (url: string, jobId: string): Promise<Reply> =>
  send(`${url}/jobs/${jobId}`, { method: 'DELETE' });

export interface SseMessage {
  id: string;
  event: string;
  data: Record<string, unknown>;
}

export interface Listening {
  status: number;
  /** All messages, once the stream has ended. */
  messages: Promise<SseMessage[]>;
}

/** Opens the event stream of a job; resolves when the answer's head is there. */
export async function listen(url: string, jobId: string, lastEventId?: string): Promise<Listening> {
  const response = await fetch(`${url}/jobs/${jobId}/events`, {
    headers: lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId },
  });
  return { status: response.status, messages: response.text().then(parseSse) };
}

export function parseSse(stream: string): SseMessage[] {
  return stream.split('\n\n').flatMap((block) => {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
    const [id, event, data] = [field('id'), field('event'), field('data')];
    return id && event && data ? [{ id, event, data: JSON.parse(data) as Record<string, unknown> }] : [];
  });
}
