import type { AuditEntry } from '@sotto/contracts';
import type { AuditStream } from '@sotto/queue';
import type { Logger } from '@sotto/runtime';
import { Counter, type Registry } from 'prom-client';
import type { DailyFile } from './daily-file.ts';

export interface AuditLogDeps {
  stream: Pick<AuditStream, 'append'>;
  /** null: none is wanted. */
  file: DailyFile | null;
  logger: Logger;
  registry: Registry;
}

interface Sink {
  name: 'stream' | 'file';
  append(entry: AuditEntry): Promise<void>;
  isFailing: boolean;
}

/**
 * The audit log, written twice: into Redis, where operators read it back, and into a file that outlives Redis. Neither waits
 * for the other, nor a request for them; what one of them could not take is counted.
 */
export class AuditLog {
  readonly #sinks: Sink[];
  readonly #logger: Logger;
  readonly #lost: Counter<'sink'>;
  readonly #writing = new Set<Promise<void>>();

  constructor({ stream, file, logger, registry }: AuditLogDeps) {
    this.#logger = logger;
    this.#sinks = [{ name: 'stream', isFailing: false, append: (entry) => stream.append(entry) }];
    if (file !== null) {
      this.#sinks.push({ name: 'file', isFailing: false, append: (entry) => file.append(JSON.stringify(entry)) });
    }
    this.#lost = new Counter({
      name: 'sotto_audit_entries_lost_total',
      help: 'Entries of the audit log that its stream in Redis, or its file, could not take.',
      labelNames: ['sink'],
      registers: [registry],
    });
  }

  record(entry: AuditEntry): void {
    for (const sink of this.#sinks) {
      const writing = this.#write(sink, entry).finally(() => this.#writing.delete(writing));
      this.#writing.add(writing);
    }
  }

  /** Resolves when everything recorded so far is written or lost. */
  async idle(): Promise<void> {
    await Promise.all(this.#writing);
  }

  async #write(sink: Sink, entry: AuditEntry): Promise<void> {
    try {
      await sink.append(entry);
      sink.isFailing = false;
    } catch (error) {
      this.#lost.inc({ sink: sink.name });
      // One line for an outage, however many entries it takes.
      if (!sink.isFailing) this.#logger.error('the audit log cannot be written', { sink: sink.name, error });
      sink.isFailing = true;
    }
  }
}
