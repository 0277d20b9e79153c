import { DeleteObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import type { Bucket } from './bucket.ts';

/** Deletes an object for good. In a bucket that keeps versions a plain delete would only hide it. */
export async function eraseObject(bucket: Bucket, key: string): Promise<void> {
  const { client, name } = bucket;
  const { VersionId } = await client.send(new DeleteObjectCommand({ Bucket: name, Key: key }));
  if (VersionId !== undefined) await eraseVersions(bucket, key);
}

async function eraseVersions({ client, name }: Bucket, key: string): Promise<void> {
  for (;;) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket: name, Prefix: key }));
    const versions = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].filter(({ Key }) => Key === key);
    if (versions.length === 0) return;
    for (const { VersionId } of versions) {
      await client.send(new DeleteObjectCommand({ Bucket: name, Key: key, VersionId }));
    }
  }
}
