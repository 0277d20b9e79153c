import type { ErrorCode } from '@sotto/contracts';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

export interface RequestFigures {
  method: string;
  /** The endpoint's path pattern, not the URL, so that the number of values is bounded. */
  route: string;
  status: string;
  /** Of the error it was refused with. */
  code: ErrorCode | undefined;
  /** Whether the endpoint takes recordings. */
  takesRecordings: boolean;
  /** Of the recording that was accepted. */
  uploadBytes: number | undefined;
  durationMs: number;
}

/** Count, duration and number in flight of HTTP requests. */
export class RequestMetrics {
  readonly #count: Counter<'method' | 'route' | 'status'>;
  readonly #errors: Counter<'code'>;
  readonly #seconds: Histogram<'method' | 'route'>;
  readonly #inFlight: Gauge;
  readonly #uploadBytes: Histogram;
  readonly #refusals: Counter<'code'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#count = new Counter({
      name: 'sotto_http_requests_total',
      help: 'HTTP requests by endpoint and status.',
      labelNames: ['method', 'route', 'status'],
      registers,
    });
    this.#errors = new Counter({
      name: 'sotto_http_errors_total',
      help: 'Rejected and failed requests by error code.',
      labelNames: ['code'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'sotto_http_request_duration_seconds',
      help: 'Time from the request headers to the end of the response.',
      labelNames: ['method', 'route'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
      registers,
    });
    this.#inFlight = new Gauge({
      name: 'sotto_http_requests_in_flight',
      help: 'Requests currently being served.',
      registers,
    });
    this.#uploadBytes = new Histogram({
      name: 'sotto_upload_bytes',
      help: 'Size of accepted recordings; those of batches are not counted here.',
      buckets: [1e5, 1e6, 5e6, 1e7, 2.5e7, 5e7, 1e8, 2.5e8, 5e8, 1e9, 4e9],
      registers,
    });
    this.#refusals = new Counter({
      name: 'sotto_upload_refusals_total',
      help: 'Requests with recordings that were refused, by error code.',
      labelNames: ['code'],
      registers,
    });
  }

  started(): void {
    this.#inFlight.inc();
  }

  ended({ method, route, status, code, durationMs, takesRecordings, uploadBytes }: RequestFigures): void {
    this.#inFlight.dec();
    if (code !== undefined) this.#errors.inc({ code });
    if (code !== undefined && takesRecordings) this.#refusals.inc({ code });
    if (uploadBytes !== undefined) this.#uploadBytes.observe(uploadBytes);
    this.#count.inc({ method, route, status });
    this.#seconds.observe({ method, route }, durationMs / 1000);
  }
}
