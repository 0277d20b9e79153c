import type { BlockBlobClient } from '@azure/storage-blob';
import { PartWriter } from '../part-writer.ts';
import { temporaryName } from '../temporary-name.ts';
import { azureError } from './azure-error.ts';
import { blockName, removeTemporary } from './blocks.ts';
import { type Container, TEMPORARY } from './container.ts';
import { copyWithin } from './copy-within.ts';

/**
 * Parts are blocks of a blob under a name of its own, copied by the server when it is whole: two that write the same key
 * at once would throw away each other's blocks.
 */
export class AzureBlobWriter extends PartWriter {
  readonly #target: BlockBlobClient;
  readonly #temporary: BlockBlobClient;
  readonly #blocks: string[] = [];

  constructor(container: Container, key: string) {
    super(key, azureError);
    this.#target = container.blob(key);
    this.#temporary = container.blob(TEMPORARY + temporaryName());
  }

  protected async put(content: Buffer): Promise<void> {
    await this.#target.upload(content, content.length);
  }

  protected async sendPart(content: Buffer, index: number, abortSignal: AbortSignal): Promise<void> {
    const name = blockName(index, Date.now());
    await this.#temporary.stageBlock(name, content, content.length, { abortSignal });
    this.#blocks.push(name);
  }

  protected async complete(): Promise<void> {
    await this.#temporary.commitBlockList(this.#blocks);
    await copyWithin(this.#temporary, this.#target);
    // What stays of it is taken by the sweep.
    await this.#temporary.deleteIfExists().catch(() => {});
  }

  protected async takeBack(): Promise<void> {
    if (this.#blocks.length > 0) await removeTemporary(this.#temporary);
  }
}
