import { RequestTrace } from '@sotto/runtime';
import type { RequestHandler } from 'express';
import { localsOf } from './locals.ts';

/** Begins the trace of a request, or continues that of its sender; see docs/OPERATIONS.md, "Traces". */
export const traceRequests: RequestHandler = (request, response, next) => {
  const traced = new RequestTrace(request.method, request.headers.traceparent);
  const { metadata, requestId } = localsOf(response);
  metadata.traceId = traced.id;
  response.once('close', () => {
    const route = localsOf(response).endpoint?.path ?? 'unknown';
    traced.end(`${request.method} ${route}`, {
      'http.request.method': request.method,
      'http.route': route,
      'http.response.status_code': response.statusCode,
      'sotto.request_id': requestId,
      ...(typeof metadata.jobId === 'string' && { 'sotto.job_id': metadata.jobId }),
      ...(metadata.code !== undefined && { 'error.type': metadata.code }),
    });
  });
  traced.run(next);
};
