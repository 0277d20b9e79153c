import type { Logger } from '@sotto/runtime';
import type { RequestHandler, Response } from 'express';
import { localsOf, namesOf } from './locals.ts';
import { ProbeSampler } from './probe-sampler.ts';
import type { RequestMetrics } from './request-metrics.ts';

/** One log line and one measurement per request, when its response is sent or its client has gone. */
export function recordRequests(logger: Logger, metrics: RequestMetrics): RequestHandler {
  const probes = new ProbeSampler();
  return (request, response, next) => {
    const startedMs = performance.now();
    metrics.started();
    response.once('close', () => {
      const durationMs = performance.now() - startedMs;
      const { endpoint, metadata } = localsOf(response);
      const route = endpoint?.path ?? 'unknown';
      metrics.ended({
        method: request.method,
        route,
        status: statusOf(response),
        code: metadata.code,
        durationMs,
        takesRecordings: endpoint?.createsWork === true,
        uploadBytes: typeof metadata.fileSize === 'number' ? metadata.fileSize : undefined,
      });
      const level = probes.level(route, response.headersSent ? response.statusCode : 0);
      if (level === null) return;
      logger[level](describe(response), {
        endpoint: route === 'unknown' ? request.path.slice(0, 200) : route,
        method: request.method,
        statusCode: response.headersSent ? response.statusCode : undefined,
        durationMs: Math.round(durationMs),
        ...namesOf(response),
        ...metadata,
      });
    });
    next();
  };
}

/** Bounded: an HTTP status, or a word for connections that closed before there was one. */
function statusOf(response: Response): string {
  return response.headersSent ? String(response.statusCode) : 'client_gone';
}

function describe(response: Response): string {
  if (!response.headersSent) return 'The client closed the connection';
  return response.statusCode < 400 ? 'Request served' : 'Request rejected';
}
