import type { ErrorCode } from '@sotto/contracts';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Description } from './description.ts';
import { parseParameters } from './invalid-parameter.ts';
import { readJson } from './json-body.ts';
import { localsOf } from './locals.ts';
import { isSafe } from './own-origin.ts';
import type { PathParams } from './path-params.ts';
import type { Principal } from './principal.ts';

/** One request, with its input parsed as its endpoint describes it. */
export interface Call<Params, Query, Body> {
  request: Request;
  response: Response;
  /** Who is calling. */
  principal: Principal;
  params: Params;
  query: Query;
  body: Body;
}

export interface EndpointOptions<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>
  extends Description {
  params?: PathParams<P>;
  /** If strict, an unknown name is an error. Absent: the query is ignored. */
  query?: Q;
  /** Of a JSON body. */
  body?: B;
  /** Of it; absent: as usual. */
  maxBodyBytes?: () => number;
  handle(call: Call<z.output<P>, z.output<Q>, z.output<B>>): void | Promise<void>;
}

/**
 * One call of the API: its documentation and its handler in one place, so that they cannot differ.
 */
export interface Endpoint extends Description {
  params?: PathParams;
  query?: z.ZodObject;
  body?: z.ZodType;
  /** @throws SottoError `invalid_parameter` and those of `params` and of a JSON body, before `handle` sees anything. */
  serve(request: Request, response: Response): Promise<void>;
}

const NOTHING = z.object({});
type Nothing = typeof NOTHING;

/** An endpoint whose parameters and JSON body are parsed, once, by the schemas it is described with. */
export function endpoint<
  P extends z.ZodObject = Nothing,
  Q extends z.ZodObject = Nothing,
  B extends z.ZodType = z.ZodUndefined,
>(options: EndpointOptions<P, Q, B>): Endpoint {
  const { handle, maxBodyBytes, ...described } = options;
  const { params, query, body } = options;
  return {
    ...described,
    serve: async (request, response) =>
      handle({
        request,
        response,
        principal: localsOf(response).principal,
        params: (params === undefined ? {} : params.parse(request.params)) as z.output<P>,
        query: (query === undefined ? {} : parseParameters(query, { ...request.query })) as z.output<Q>,
        body: (body === undefined
          ? undefined
          : await readJson(body, request, response, maxBodyBytes?.())) as z.output<B>,
      }),
  };
}

export function commonErrors({
  method,
  access,
  createsWork = false,
}: Pick<Endpoint, 'method' | 'access' | 'createsWork'>): ErrorCode[] {
  const errors: ErrorCode[] = ['invalid_request', 'method_not_allowed', 'internal_error'];
  errors.push('host_not_allowed');
  if (access !== 'open') errors.push('unauthorized', 'forbidden', 'rate_limit_exceeded', 'queue_unavailable');
  if (!isSafe({ method: method.toUpperCase() })) {
    errors.push('origin_not_allowed', ...(access === 'open' ? [] : (['csrf_token_wrong'] as const)));
  }
  if (createsWork) {
    errors.push('rate_limit_exceeded', 'queue_unavailable', 'storage_unavailable');
    errors.push('queue_memory_full', 'memory_pressure', 'disk_full', 'service_full', 'shutting_down');
    errors.push('key_full', 'quota_exceeded');
  }
  return errors;
}
