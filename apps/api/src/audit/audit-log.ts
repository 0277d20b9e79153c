import { setTimeout as delay } from 'node:timers/promises';
import type { AuditEntry } from '@sotto/contracts';
import type { AuditStream } from '@sotto/queue';
import type { Logger } from '@sotto/runtime';
import { Counter, type Registry } from 'prom-client';
import type { DailyFile } from './daily-file.ts';

export interface AuditLogDeps {
  stream: Pick<AuditStream, 'append'>;
  /** null: no file. */
  file: DailyFile | null;
  logger: Logger;
  registry: Registry;
}

interface Sink {
  name: 'stream' | 'file';
  append(entries: readonly AuditEntry[]): Promise<void>;
  /** Recorded and not yet being written. */
  waiting: AuditEntry[];
  writing: Promise<void> | null;
  isFailing: boolean;
}

/** Entries within this time are written together: one write each would cost a loaded server a tenth of its time. */
const GATHER_MS = 50;

/**
 * The audit log, written twice: into Redis, where operators read it back, and into a file that outlives Redis. Neither waits
 * for the other, and no request waits for them; entries that could not be written are counted.
 */
export class AuditLog {
  readonly #sinks: Sink[];
  readonly #logger: Logger;
  readonly #lost: Counter<'sink'>;

  constructor({ stream, file, logger, registry }: AuditLogDeps) {
    this.#logger = logger;
    this.#sinks = [sinkOf('stream', (entries) => stream.append(entries))];
    if (file !== null) {
      this.#sinks.push(sinkOf('file', (entries) => file.append(entries.map((entry) => JSON.stringify(entry)))));
    }
    this.#lost = new Counter({
      name: 'sotto_audit_entries_lost_total',
      help: 'Audit log entries that could not be written, by sink (the stream in Redis, or the file).',
      labelNames: ['sink'],
      registers: [registry],
    });
  }

  record(entry: AuditEntry): void {
    for (const sink of this.#sinks) {
      sink.waiting.push(entry);
      sink.writing ??= this.#write(sink).finally(() => {
        sink.writing = null;
      });
    }
  }

  /** Resolves when everything recorded so far is written or lost. */
  async idle(): Promise<void> {
    await Promise.all(this.#sinks.map(({ writing }) => writing));
  }

  async #write(sink: Sink): Promise<void> {
    while (sink.waiting.length > 0) {
      await delay(GATHER_MS);
      const entries = sink.waiting.splice(0);
      try {
        await sink.append(entries);
        sink.isFailing = false;
      } catch (error) {
        this.#lost.inc({ sink: sink.name }, entries.length);
        // One line for an outage, however many entries it takes.
        if (!sink.isFailing) this.#logger.error('Cannot write the audit log', { sink: sink.name, error });
        sink.isFailing = true;
      }
    }
  }
}

const sinkOf = (name: Sink['name'], append: Sink['append']): Sink => ({
  name,
  append,
  waiting: [],
  writing: null,
  isFailing: false,
});
