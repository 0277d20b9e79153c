/**
 * Loaded into a process before its own code (`node --import`). At the port PROBE_PORT it tells, of the time since it was
 * last asked:
 *
 * - blockedMs: the longest time between two turns of the event loop;
 * - workedMs: the most processor time that the main thread took between two turns. The rest of a block, it waited for a
 *   processor that others had;
 * - peakMb: the most memory that the process has had, since it began.
 */
import { openSync, readFileSync, readSync } from 'node:fs';
import { createServer } from 'node:http';
import { isMainThread } from 'node:worker_threads';

const RESOLUTION_MS = 1;

if (isMainThread) {
  const descriptor = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
  const buffer = Buffer.alloc(128);
  const processorMs = () => {
    const text = buffer.toString('latin1', 0, readSync(descriptor, buffer, 0, buffer.length, 0));
    return Number(text.split(' ')[0]) / 1e6;
  };

  let last = { atMs: performance.now(), processorMs: processorMs() };
  let blockedMs = 0;
  let workedMs = 0;
  const turn = () => {
    const now = { atMs: performance.now(), processorMs: processorMs() };
    blockedMs = Math.max(blockedMs, now.atMs - last.atMs - RESOLUTION_MS);
    workedMs = Math.max(workedMs, now.processorMs - last.processorMs);
    last = now;
  };
  setInterval(turn, RESOLUTION_MS);

  const server = createServer((_request, response) => {
    turn();
    const [, peakKib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? [];
    response.end(JSON.stringify({ blockedMs, workedMs, peakMb: Math.round((Number(peakKib) * 1024) / 1e6) }));
    blockedMs = 0;
    workedMs = 0;
  });
  server.listen(Number(process.env.PROBE_PORT), '127.0.0.1');
}
