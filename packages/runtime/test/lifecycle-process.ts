import { createServer } from 'node:http';
import { createLogger, Lifecycle } from '../src/index.ts';

/** Run by the tests as a process of its own: `lifecycle-process.ts clean|fails|hangs|throws|rejects`. */
const [mode] = process.argv.slice(2);
const logger = createLogger({ service: 'test', level: 'INFO' });
const lifecycle = new Lifecycle({ logger, warnAfterMs: 100, lingerMs: 400 });

const server = createServer().listen(0, '127.0.0.1', () => logger.info('up'));
lifecycle.own('server', () => {
  if (mode !== 'hangs') server.close();
  logger.info('server closed');
});
if (mode === 'fails') lifecycle.own('queue', () => Promise.reject(new Error('no way')));
if (mode === 'slow') lifecycle.own('upload', () => new Promise(() => {}));
lifecycle.onSignals();
if (mode === 'throws') {
  setTimeout(() => {
    throw new Error('thrown');
  }, 1);
}
if (mode === 'rejects') void Promise.reject(new Error('rejected'));
