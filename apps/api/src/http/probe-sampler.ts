/** Probes come every few seconds and are not worth a line each. */
const PROBES = ['/health', '/health/live', '/health/ready', '/metrics'];
const EVERY = 100;

/** Which probes get a log line: those whose status is another than the time before, and one in a hundred. */
export class ProbeSampler {
  readonly #seen = new Map<string, { status: number; count: number }>();

  /** `info`: worth a line like any other request; `debug`: a sample; null: no line. */
  level(route: string, status: number): 'info' | 'debug' | null {
    if (!PROBES.includes(route)) return 'info';
    const last = this.#seen.get(route);
    const count = last?.status === status ? last.count + 1 : 0;
    this.#seen.set(route, { status, count });
    if (count === 0 && (last !== undefined || status >= 400)) return 'info';
    return count % EVERY === 0 ? 'debug' : null;
  }
}
