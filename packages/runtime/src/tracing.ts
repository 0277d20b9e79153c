import {
  type Attributes,
  type Context,
  context,
  isSpanContextValid,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { errorCodeOf } from './error-code.ts';

/**
 * Traces, by OpenTelemetry: one for each accepted recording, from the request through the queue to the webhook. Unless
 * `startTracing` (tracing-sdk.ts) has been called, all of this does nothing and costs nothing worth measuring.
 */
const tracer = trace.getTracer('sotto');

/** W3C Trace Context: what a process hands on to the next. */
type Carrier = Record<string, string>;

/** The header of that name, and the field of a run. */
const TRACE_PARENT = 'traceparent';

export interface SpanOptions {
  /** Few, short values; never texts of recordings, names of files or secrets. */
  attributes?: Attributes;
  kind?: SpanKind;
}

/** Runs `work` in a span of that name; what it throws is noted, without its message. */
export function inSpan<T>(name: string, options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  const { attributes = {}, kind } = options;
  return tracer.startActiveSpan(name, { attributes, ...(kind !== undefined && { kind }) }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: codeOf(error) });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** What goes on now, for another process; null: nothing is traced. */
export function traceParent(): string | null {
  const carrier: Carrier = {};
  propagation.inject(context.active(), carrier);
  return carrier[TRACE_PARENT] ?? null;
}

/** `work` belongs to the trace that another process left; null: it is not traced. */
export function continueTrace<T>(parent: string | null, work: () => T): T {
  return parent === null ? work() : context.with(contextOf(parent), work);
}

/** The id of the trace that this is part of; undefined: nothing is traced. */
export function traceId(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  return span !== undefined && isSpanContextValid(span) ? span.traceId : undefined;
}

const contextOf = (parent: string): Context => propagation.extract(context.active(), { [TRACE_PARENT]: parent });

/** Messages may quote what a client sent; codes do not. */
const codeOf = (error: unknown): string => errorCodeOf(error) ?? 'error';

/** A request from outside, from its headers to the end of its response. */
export class RequestTrace {
  readonly #context: Context;
  readonly #span: Span;

  /** @param parent the header `traceparent` */
  constructor(name: string, parent: string | string[] | undefined) {
    const begun = typeof parent === 'string' ? contextOf(parent) : context.active();
    this.#span = tracer.startSpan(name, { kind: SpanKind.SERVER }, begun);
    this.#context = trace.setSpan(begun, this.#span);
  }

  get id(): string {
    return this.#span.spanContext().traceId;
  }

  /** What `work` begins, now and later, belongs to the request. */
  run(work: () => void): void {
    context.with(this.#context, work);
  }

  end(name: string, attributes: Attributes): void {
    this.#span.updateName(name).setAttributes(attributes).end();
  }
}
