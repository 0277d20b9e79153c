import { SottoError } from '@sotto/contracts';
import type { Item } from '@sotto/library';
import type { ResultBody } from '@sotto/queue/results';
import { itemParams } from './find-item.ts';
import type { LibraryStore } from './library-store.ts';

/** @throws SottoError `item_not_finished`, `no_transcript`, `item_not_found`, `library_unavailable` */
export async function storedTranscript(item: Item, library: LibraryStore): Promise<ResultBody> {
  if (item.status === 'processing') {
    throw new SottoError('item_not_finished', 'It is still being transcribed.', { retryAfterSeconds: 1 });
  }
  if (item.status !== 'completed')
    throw new SottoError(
      'no_transcript',
      `The job of this item ${item.status === 'failed' ? 'failed' : 'was cancelled'}.`,
    );
  const canonical = await library.use(({ items }) => items.canonical(item.id));
  // Deleted since it was looked up.
  if (canonical === null) throw itemParams.notFound();
  return { bytes: canonical.bytes, encoding: canonical.encoding === 'json' ? 'json' : 'columns' };
}
