import type { Socket } from 'node:net';
import { SottoError } from '@sotto/contracts';
import type { BlobKind, BlobStore, BlobWriter, StorageHealth } from '@sotto/storage';
import { Sampled } from '../fleet/sampled.ts';
import type { ApiSettings } from '../settings/settings.ts';

const SAMPLE_MS = 1_000;
const RETRY_AFTER_SECONDS = 10;
/** Written between two looks at the free space; reserved for a body whose length is unknown. */
const STEP_BYTES = 16 * 1024 * 1024;

/** A body on its way: what has not arrived of it is reserved. */
interface Body {
  /** null: its length is unknown. */
  declaredBytes: number | null;
  socket: Pick<Socket, 'bytesRead'>;
  readBefore: number;
}

/**
 * The free space of the storage, less what bodies that are on their way will still take: ten uploads that would each fit
 * alone are not all let in, and one that does not say its length is stopped while it is being written.
 */
export class Space {
  readonly #settings: Pick<ApiSettings, 'minFreeDiskBytes'>;
  readonly #health: Sampled<StorageHealth>;
  readonly #bodies = new Set<Body>();

  constructor(storage: Pick<BlobStore, 'health'>, settings: Pick<ApiSettings, 'minFreeDiskBytes'>) {
    this.#settings = settings;
    this.#health = new Sampled(SAMPLE_MS, () => storage.health());
  }

  /** One reading for all who ask: each writes a file. See Sampled for `mayBeOld`. */
  health(mayBeOld?: (health: StorageHealth) => boolean): Promise<StorageHealth> {
    return this.#health.value(mayBeOld);
  }

  /**
   * Reserves what is still to come of a body.
   *
   * @param declaredBytes null: its length is unknown.
   * @returns what ends the reservation.
   * @throws SottoError `disk_full` when it does not fit.
   */
  async reserve(socket: Pick<Socket, 'bytesRead'>, declaredBytes: number | null): Promise<() => void> {
    const body = { declaredBytes, socket, readBefore: socket.bytesRead };
    const { freeBytes } = await this.#health.value();
    this.#mustFit(freeBytes, declaredBytes ?? 0);
    this.#bodies.add(body);
    return () => void this.#bodies.delete(body);
  }

  /** The same store, whose uploads are stopped before they fill the disk. */
  guard(storage: BlobStore): BlobStore {
    const createWriter = async (kind: BlobKind, name?: string) => {
      if (kind !== 'uploads') return storage.createWriter(kind, name);
      // To look writes a file: for each upload, that would be much of what a short one takes.
      const { freeBytes } = await this.health((health) => this.#fits(health.freeBytes, STEP_BYTES));
      this.#mustFit(freeBytes, 0);
      return new GuardedWriter(await storage.createWriter(kind, name), () => this.#look());
    };
    return new Proxy(storage, {
      get(target, property) {
        if (property === 'createWriter') return createWriter;
        const member: unknown = Reflect.get(target, property, target);
        return typeof member === 'function' ? member.bind(target) : member;
      },
    });
  }

  async #look(): Promise<void> {
    const { freeBytes } = await this.#health.fresh();
    this.#mustFit(freeBytes, 0);
  }

  #mustFit(freeBytes: number | null, moreBytes: number): void {
    if (this.#fits(freeBytes, moreBytes)) return;
    throw new SottoError('disk_full', 'There is not enough disk space for this upload.', {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }

  #fits(freeBytes: number | null, moreBytes: number): boolean {
    return freeBytes === null || freeBytes - this.#reservedBytes() - moreBytes >= this.#settings.minFreeDiskBytes;
  }

  #reservedBytes(): number {
    let sum = 0;
    for (const { declaredBytes, socket, readBefore } of this.#bodies) {
      sum += declaredBytes === null ? STEP_BYTES : Math.max(0, declaredBytes - (socket.bytesRead - readBefore));
    }
    return sum;
  }
}

/** Looks at the free space every so many bytes. */
class GuardedWriter implements BlobWriter {
  readonly #writer: BlobWriter;
  readonly #look: () => Promise<void>;
  #unseenBytes = 0;

  constructor(writer: BlobWriter, look: () => Promise<void>) {
    this.#writer = writer;
    this.#look = look;
  }

  get key(): string {
    return this.#writer.key;
  }

  async write(chunk: Uint8Array): Promise<void> {
    this.#unseenBytes += chunk.length;
    if (this.#unseenBytes >= STEP_BYTES) {
      this.#unseenBytes = 0;
      await this.#look();
    }
    await this.#writer.write(chunk);
  }

  commit(): ReturnType<BlobWriter['commit']> {
    return this.#writer.commit();
  }

  abort(): Promise<void> {
    return this.#writer.abort();
  }
}
