import { type ApiProcess, freePort, type Service, startApp, waitFor } from '@sotto/testkit';

/** An API process that is alive, whatever /health/ready says of it. The test stops it. */
export async function startUnready(
  { redis, prefix, blobFolder, folder }: Service,
  env: Record<string, string>,
): Promise<ApiProcess> {
  const port = await freePort();
  const own = {
    REDIS_URL: redis.url,
    QUEUE_PREFIX: prefix,
    TEMP_DIR: blobFolder,
    HOST: '127.0.0.1',
    PORT: String(port),
  };
  const process = await startApp('api', { env: { ...own, ...env }, folder });
  const url = `http://127.0.0.1:${port}`;
  await waitFor(async () => (await fetch(`${url}/health/live`)).ok, { what: 'the API to live', timeoutMs: 30_000 });
  // Its answers are held against its document.
  await (await fetch(`${url}/openapi.json`)).body?.cancel();
  return { url, process };
}
