import { isEnd, resultUrl, SottoError, type StoredRunEvent, wireEventSchema } from '@sotto/contracts';
import type { RunEvents } from '@sotto/queue';
import { z } from 'zod';
import { type Call, type Endpoint, endpoint } from '../http/endpoint.ts';
import { checkOrigin } from '../http/own-origin.ts';
import type { Shutdown } from '../http/shutdown.ts';
import { upgradeOf } from '../http/upgrade.ts';
import { type FindJobDeps, findJob, jobParams } from '../jobs/find.ts';
import type { ApiSettings } from '../settings/settings.ts';
import { SseStream } from './sse.ts';
import { watchSocket } from './watch-socket.ts';
import { wireEvent } from './wire-event.ts';

export interface EventsDeps extends FindJobDeps {
  settings: Pick<ApiSettings, 'corsOrigins' | 'eventHeartbeatMs'>;
  events: RunEvents;
  /** Streams end when it begins: clients reconnect to another replica. */
  shutdown: Shutdown;
}

/** Not strict: libraries add parameters against caches to the URL of an event stream. */
const eventsQuery = z.object({
  last_event_id: z
    .string()
    .optional()
    .meta({ description: 'Same as Last-Event-ID, for clients that cannot set headers.' }),
  api_key: z.string().optional().meta({ description: 'API key, for clients that cannot set headers.' }),
});

type EventsCall = Call<z.output<typeof jobParams.schema>, z.output<typeof eventsQuery>, undefined>;

export function eventsEndpoint(deps: EventsDeps): Endpoint {
  return endpoint({
    method: 'get',
    path: '/jobs/{id}/events',
    isStream: true,
    summary: 'Follow the progress of a job',
    description: [
      'Server-sent events: `progress`, `text` once per segment in the order of the recording, and finally `completed`,',
      '`failed` or `cancelled`. Each message has its type as `event`, and an `id`; send the last one back as Last-Event-ID',
      'to resume. After the final event the answer is 204. With `Upgrade: websocket` the same objects are sent as text',
      'messages, each with its `id`. The socket is closed with 1000 after the final event, and with 1001 or 1013 when the',
      'client should connect again with the last id.',
    ].join(' '),
    tag: 'jobs',
    access: 'read',
    keyInQuery: true,
    params: jobParams,
    query: eventsQuery,
    headers: {
      'Last-Event-ID': z.string().optional().meta({ description: 'Id of the last message that was received.' }),
    },
    answers: {
      101: { description: 'A WebSocket that carries the same messages.', content: {} },
      200: { description: 'The event stream.', content: { 'text/event-stream': wireEventSchema } },
      204: { description: 'There are no events after that one.', content: {} },
    },
    errors: [
      'forbidden',
      'origin_not_allowed',
      'job_not_found',
      'result_expired',
      'invalid_parameter',
      'too_many_streams',
      'streams_full',
      'queue_unavailable',
      'storage_unavailable',
    ],
    handle: (call) => watch(call, deps),
  });
}

async function watch({ request, response, principal, params, query }: EventsCall, deps: EventsDeps): Promise<void> {
  const { request: job, run } = await findJob(params.id, principal, deps);
  const afterId = request.get('last-event-id') ?? query.last_event_id ?? null;
  const upgrade = upgradeOf(request);
  if (upgrade !== null) {
    // CORS does not apply to WebSockets, which pages of other sites may open.
    checkOrigin(request, deps.settings);
    await watchSocket({ request, response, upgrade, run, afterId, result: resultUrl(request.baseUrl, job.id) }, deps);
    return;
  }
  // Resumed after the end: 204 is what tells a browser's EventSource to stop asking.
  if (afterId !== null && run.status !== 'processing' && (await deps.events.read(run.id, afterId)).length === 0) {
    response.status(204).end();
    return;
  }
  if (request.method === 'HEAD') {
    response.type('text/event-stream').end();
    return;
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const signal = AbortSignal.any([gone.signal, deps.shutdown.signal]);
  const stream = new SseStream(response, deps.settings.eventHeartbeatMs);
  try {
    await relay(deps.events.follow(run.id, afterId, signal), stream, signal, resultUrl(request.baseUrl, job.id));
  } catch (error) {
    // The response has begun: a broken stream tells the client to come back with its last id.
    if (!(error instanceof SottoError && error.code === 'queue_unavailable')) throw error;
  }
  stream.end();
}

async function relay(
  stored: AsyncIterable<StoredRunEvent>,
  stream: SseStream,
  signal: AbortSignal,
  result: string,
): Promise<void> {
  for await (const { id, event } of stored) {
    await stream.send({ id, event: event.type, data: wireEvent(event, result) }, signal);
    if (isEnd(event)) return;
  }
}
