/** Stands in for the render thread: does what the options of a task say. */
import { parentPort, threadId } from 'node:worker_threads';

parentPort.on('message', ({ options, stored }) => {
  if (options === 'exit') process.exit(3);
  if (options === 'throw') throw new Error('thrown');
  if (options === 'hang') return;
  if (options === 'fail') parentPort.postMessage({ error: new Error('failed') });
  else parentPort.postMessage({ body: stored.bytes, facts: { threadId } }, [stored.bytes.buffer]);
});
