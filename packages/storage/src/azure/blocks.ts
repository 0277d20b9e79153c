import type { BlockBlobClient } from '@azure/storage-blob';

const INDEX_DIGITS = 6;
const TIME_DIGITS = 14;

/** Names of the blocks of one blob have one length. When it was sent is in it: Azure tells no time of blocks. */
export function blockName(index: number, sentAtMs: number): string {
  const text = `${String(index).padStart(INDEX_DIGITS, '0')}-${String(sentAtMs).padStart(TIME_DIGITS, '0')}`;
  return Buffer.from(text).toString('base64');
}

/** When the last block of a blob that is not whole was sent; null: nobody knows, for its blocks are not ours. */
export async function lastBlockAtMs(blob: BlockBlobClient): Promise<number | null> {
  const { uncommittedBlocks = [] } = await blob.getBlockList('uncommitted');
  const times = uncommittedBlocks.map(({ name }) => Number(Buffer.from(name, 'base64').toString().split('-')[1]));
  const last = Math.max(...times);
  return Number.isFinite(last) ? last : null;
}

/** Removes what is there of a blob. Blocks of one that never became whole go when it is made an empty one. */
export async function removeTemporary(blob: BlockBlobClient): Promise<void> {
  await blob.commitBlockList([]);
  await blob.deleteIfExists();
}
