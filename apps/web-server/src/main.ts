import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { builtPage, PAGE_PATH } from '@sotto/page';
import { webApp } from './app.ts';

/** Above the idle timeouts of load balancers, so that this side never closes a connection under a request. */
const KEEP_ALIVE_MS = 75_000;
const CLOSE_CHECK_MS = 250;
/** Files are small: whoever has not got one by then has gone. */
const STOP_LIMIT_MS = 5_000;

function start(): void {
  const folder = builtPage(import.meta.url);
  if (folder === null) throw new Error('The page has not been built: run `npm run build`.');
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, webApp(folder));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop(server));
  server.on('listening', () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`The page is served on port ${port}, under ${PAGE_PATH}/\n`);
  });
  server.listen(portOf(process.env.PORT), process.env.HOST || '127.0.0.1');
}

/** Takes no more connections and lets requests in flight finish; then nothing keeps the process. */
function stop(server: Server): void {
  server.close();
  // A kept-alive connection becomes idle only when its answer is out.
  setInterval(() => server.closeIdleConnections(), CLOSE_CHECK_MS).unref();
  setTimeout(() => server.closeAllConnections(), STOP_LIMIT_MS).unref();
}

function portOf(text = ''): number {
  const port = Number(text || 8080);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`PORT: not a port: ${text}`);
  return port;
}

try {
  start();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
