import {
  AbortMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type MultipartUpload,
} from '@aws-sdk/client-s3';
import { keyOrNull } from '../blob-key.ts';
import type { Bucket } from './bucket.ts';
import { isMissing } from './s3-error.ts';

/** Ends unfinished uploads of ours that got no part for `olderThanMs`; resolves to their number. */
export async function abortLeftovers(bucket: Bucket, olderThanMs: number): Promise<number> {
  let aborted = 0;
  for await (const upload of unfinishedUploads(bucket)) {
    const place = { Bucket: bucket.name, Key: upload.Key, UploadId: upload.UploadId };
    if (isYoung(upload.Initiated, olderThanMs) || isYoung(await lastPartAt(bucket, place), olderThanMs)) continue;
    await bucket.client.send(new AbortMultipartUploadCommand(place)).catch(ignoreMissing);
    aborted += 1;
  }
  return aborted;
}

async function* unfinishedUploads({ client, name, prefix }: Bucket): AsyncGenerator<MultipartUpload> {
  let marker: { KeyMarker?: string | undefined; UploadIdMarker?: string | undefined } = {};
  for (;;) {
    const page = await client.send(new ListMultipartUploadsCommand({ Bucket: name, Prefix: prefix, ...marker }));
    for (const upload of page.Uploads ?? []) {
      // The bucket may hold what is not ours.
      if (keyOrNull((upload.Key ?? '').slice(prefix.length)) !== null) yield upload;
    }
    if (page.IsTruncated !== true) return;
    marker = { KeyMarker: page.NextKeyMarker, UploadIdMarker: page.NextUploadIdMarker };
  }
}

interface UploadPlace {
  Bucket: string;
  Key: string | undefined;
  UploadId: string | undefined;
}

/** A slow upload is begun long ago, and alive. */
async function lastPartAt({ client }: Bucket, place: UploadPlace): Promise<Date | undefined> {
  let newest: Date | undefined;
  let PartNumberMarker: string | undefined;
  try {
    // Not the SDK's paginator: some servers name a next page where there is none.
    for (;;) {
      const page = await client.send(new ListPartsCommand({ ...place, PartNumberMarker }));
      for (const { LastModified } of page.Parts ?? []) {
        if (LastModified !== undefined && (newest === undefined || LastModified > newest)) newest = LastModified;
      }
      if (page.IsTruncated !== true) return newest;
      PartNumberMarker = page.NextPartNumberMarker;
    }
  } catch (error) {
    ignoreMissing(error);
    return newest;
  }
}

/** The server's clock may be ahead of ours. */
const isYoung = (date: Date | undefined, olderThanMs: number): boolean =>
  date !== undefined && Math.max(0, Date.now() - date.getTime()) < olderThanMs;

/** Ended by its own writer meanwhile. */
function ignoreMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}
