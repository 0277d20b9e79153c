import type { StorageHealth } from '@sotto/storage';
import { Gauge, type Registry } from 'prom-client';
import { SseStream } from '../events/sse.ts';
import { EventSocket } from '../events/web-socket.ts';
import type { Space } from '../http/space.ts';
import type { LibraryStore } from '../library/library-store.ts';
import { clear } from './gauges.ts';

export interface ProcessMetricsDeps {
  space: Pick<Space, 'health'>;
  library: Pick<LibraryStore, 'isOn' | 'problem'>;
}

/** What this process sees of its own connections and of the storage. */
export function addProcessMetrics(registry: Registry, { space, library }: ProcessMetricsDeps): void {
  new Gauge({
    name: 'sotto_event_streams',
    help: 'Open streams of events, by kind: sse (server-sent events) or websocket.',
    labelNames: ['kind'],
    registers: [registry],
    collect() {
      this.set({ kind: 'sse' }, SseStream.open);
      this.set({ kind: 'websocket' }, EventSocket.open);
    },
  });
  new Gauge({
    name: 'sotto_library_available',
    help: '1: the library can be used; absent where there is none.',
    registers: [registry],
    async collect() {
      clear(this);
      if (library.isOn) this.set(Number((await library.problem()) === null));
    },
  });
  const gauge = (name: string, help: string, read: (of: StorageHealth) => number | null) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const now = await space.health().catch(() => null);
        clear(this);
        const value = now === null ? null : read(now);
        if (value !== null) this.set(value);
      },
    });
  gauge('sotto_storage_writable', '1: recordings can be stored.', ({ writable }) => Number(writable));
  gauge(
    'sotto_storage_free_bytes',
    'Free space of the storage; absent where it has no limit.',
    ({ freeBytes }) => freeBytes,
  );
  gauge('sotto_storage_bytes', 'Size of the storage; absent where it has no limit.', ({ totalBytes }) => totalBytes);
}
