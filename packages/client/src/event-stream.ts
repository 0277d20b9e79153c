import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { type WireEvent, wireEventSchema } from '#wire';
import { Backoff, retryable } from './backoff.ts';
import { ConnectionError, parseJson, UnexpectedAnswerError } from './errors.ts';
import type { Http } from './http.ts';

export interface JobEvent {
  /** As `afterId` it continues after this event. */
  id: string;
  event: WireEvent;
}

export interface FollowOptions {
  signal?: AbortSignal;
  /** Id of the last event that was seen. */
  afterId?: string;
  /** How long to keep trying while the connection is broken. Default: 60 s. */
  giveUpAfterMs?: number;
}

const GIVE_UP_AFTER_MS = 60_000;

/**
 * All events of a job, each once and in order, over as many connections as it takes: connecting -> reading ->
 * (connection broken) -> connecting after the last id -> ... -> ended by an end event or by the service's 204.
 */
export async function* followEvents(http: Http, url: string, options: FollowOptions): AsyncGenerator<JobEvent, void> {
  const { signal } = options;
  let lastId = options.afterId ?? null;
  const backoff = new Backoff(options.giveUpAfterMs ?? GIVE_UP_AFTER_MS);
  for (;;) {
    let failure: Error | null = null;
    try {
      const response = await connect(http, url, lastId, signal);
      if (response === null) return;
      for await (const message of messages(http, url, response, signal)) {
        backoff.reset();
        lastId = message.id ?? lastId;
        const event = eventOf(message);
        if (event === null) continue;
        yield { id: lastId ?? '', event };
        if (event.type === 'completed' || event.type === 'failed' || event.type === 'cancelled') return;
      }
    } catch (error) {
      failure = retryable(error);
    }
    await backoff.wait(failure ?? new ConnectionError(url, new Error('the event stream keeps ending')), signal);
  }
}

/** null: nothing will come after the last id. */
async function connect(http: Http, url: string, lastId: string | null, signal: AbortSignal | undefined) {
  const headers = http.headers({
    accept: 'text/event-stream',
    ...(lastId !== null && { 'last-event-id': lastId }),
  });
  const response = await http.request(url, { headers }, signal ? { signal } : {});
  if (response.status === 204) return null;
  if (response.headers.get('content-type')?.startsWith('text/event-stream') !== true) {
    await response.body?.cancel();
    throw new UnexpectedAnswerError(response.status, 'not an event stream');
  }
  return response;
}

async function* messages(
  http: Http,
  url: string,
  response: Response,
  signal: AbortSignal | undefined,
): AsyncGenerator<EventSourceMessage, void> {
  const reader = response.body?.getReader();
  if (reader === undefined) return;
  let waiting: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (message) => waiting.push(message) });
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await http.connected(url, () => reader.read(), signal);
      if (done) return;
      parser.feed(decoder.decode(value, { stream: true }));
      const ready = waiting;
      waiting = [];
      yield* ready;
    }
  } finally {
    // Also when the caller stops listening; a broken stream has nothing left to cancel.
    await reader.cancel().catch(() => {});
  }
}

/** null for what this client does not know: newer services may send more. */
function eventOf({ data }: EventSourceMessage): WireEvent | null {
  const parsed = wireEventSchema.safeParse(parseJson(data));
  return parsed.success ? parsed.data : null;
}
