import type { Readable, Writable } from 'node:stream';

/**
 * Calls `onIdle` once when `source` has given nothing for `idleMs` while `sink` was willing to take it: a slow disk is
 * not the client's fault. Returns the function that ends the watch.
 */
export function watchIdle(source: Readable, sink: Writable, idleMs: number, onIdle: () => void): () => void {
  const timer = setTimeout(check, idleMs);
  const touch = () => void timer.refresh();
  source.on('data', touch);
  return stop;

  function check(): void {
    if (sink.writableNeedDrain) {
      timer.refresh();
      return;
    }
    stop();
    onIdle();
  }

  function stop(): void {
    clearTimeout(timer);
    source.off('data', touch);
  }
}
