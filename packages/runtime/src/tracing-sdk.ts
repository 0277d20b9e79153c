import type { Lifecycle } from './lifecycle.ts';

export interface TracingOptions {
  /** Base address of a collector that takes OTLP over HTTP; undefined: nothing is traced, and the SDK is not loaded. */
  endpoint: string | undefined;
  /** As which service spans are shown. */
  service: string;
  version: string;
}

/** How long a stop waits for the last spans: a collector that is away must not hold it up. */
const FLUSH_MS = 2_000;

/** From now on, spans of this process are sent to the collector. Called before anything is traced. */
export async function startTracing(options: TracingOptions, lifecycle: Pick<Lifecycle, 'own'>): Promise<void> {
  const { endpoint, service, version } = options;
  if (endpoint === undefined) return;
  const [{ BatchSpanProcessor, NodeTracerProvider }, { OTLPTraceExporter }, { resourceFromAttributes }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.version': version }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  lifecycle.own('traces', () => Promise.race([provider.shutdown(), delay(FLUSH_MS)]).catch(() => {}));
}

const delay = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms).unref());
