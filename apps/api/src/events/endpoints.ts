import {
  ERROR_CATALOG,
  isEnd,
  type RunEvent,
  SottoError,
  type StoredRunEvent,
  type WireEvent,
  wireEventSchema,
} from '@sotto/contracts';
import type { RunEvents, Runs } from '@sotto/queue';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Endpoint } from '../http/endpoint.ts';
import type { Shutdown } from '../http/shutdown.ts';
import { findJob } from '../jobs/find.ts';
import { jobIdParam } from '../jobs/openapi.ts';
import { resultUrl } from '../jobs/status-view.ts';
import { SseStream } from './sse.ts';

export interface EventsDeps {
  runs: Runs;
  events: RunEvents;
  /** At its beginning streams end: listeners connect again, elsewhere. */
  shutdown: Shutdown;
}

export function eventsEndpoint(deps: EventsDeps): Endpoint {
  return {
    method: 'get',
    path: '/jobs/{id}/events',
    summary: 'Watch a job',
    description: [
      'Server-sent events: `progress`, `text` once per segment in the order of the recording, and one end. Each message',
      'carries its type as `event` and an `id`; send the last one back as Last-Event-ID to resume. After the end, 204.',
    ].join(' '),
    tag: 'jobs',
    access: 'read',
    params: jobIdParam,
    headers: { 'Last-Event-ID': z.string().optional().meta({ description: 'Id of the last message received.' }) },
    answers: {
      200: { description: 'The stream.', content: { 'text/event-stream': wireEventSchema } },
      204: { description: 'Nothing comes after that event.', content: {} },
    },
    errors: ['job_not_found', 'result_expired', 'queue_unavailable'],
    handle: (request, response) => watch(request, response, deps),
  };
}

async function watch(request: Request, response: Response, deps: EventsDeps): Promise<void> {
  const { request: job, run } = await findJob(request, response, deps.runs);
  const afterId = request.get('last-event-id') ?? null;
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
  const stream = new SseStream(response);
  try {
    await relay(deps.events.follow(run.id, afterId, signal), stream, signal, resultUrl(request.baseUrl, job.id));
  } catch (error) {
    // The head is out: a broken stream is how the client learns to come back with its last id.
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

export function wireEvent(event: RunEvent, result: string): WireEvent {
  switch (event.type) {
    case 'text':
      return { type: 'text', start: event.startMs / 1000, end: event.endMs / 1000, text: event.text };
    case 'completed':
      return { type: 'completed', result_url: result };
    case 'failed': {
      const { code, detail } = event.error;
      return { type: 'failed', error: code, message: ERROR_CATALOG[code].message, detail };
    }
    default:
      return event;
  }
}
