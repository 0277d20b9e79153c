import { tinyEnModelDir } from '@sotto/testkit';

/** The folder of tiny.en; a benchmark of real speech without it says why and stops. */
export async function requireTinyEn(): Promise<string> {
  const resource = await tinyEnModelDir();
  if ('skipped' in resource) throw new Error(`This benchmark needs tiny.en. ${resource.skipped}`);
  return resource.value;
}
