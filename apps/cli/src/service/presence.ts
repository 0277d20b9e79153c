import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** What a running `sotto up` tells about itself. */
const presenceSchema = z.object({
  pid: z.int(),
  url: z.string(),
  /** null: its Redis has not started yet. */
  redisUrl: z.string().nullable().default(null),
});
export type Presence = z.infer<typeof presenceSchema>;

const ANSWER_TIMEOUT_MS = 2_000;

/** A socket's path may have 107 bytes on Linux, 103 on macOS (sockaddr_un). */
const LONGEST_PATH = 100;

/**
 * A socket that lives exactly as long as the service that uses a data folder: whoever connects gets its Presence. A
 * dead owner's socket refuses, so nothing stale is ever believed. In the data folder, or in the temporary one where
 * that path is too long.
 */
function socketPath(dataFolder: string): string {
  const path = join(dataFolder, 'service.sock');
  if (Buffer.byteLength(path) <= LONGEST_PATH) return path;
  const hash = createHash('sha256').update(dataFolder).digest('hex').slice(0, 16);
  return join(tmpdir(), `sotto-${process.getuid?.() ?? 0}-${hash}.sock`);
}

/** The service that uses this data folder now, or null. */
export function findService(dataFolder: string): Promise<Presence | null> {
  return new Promise((resolve) => {
    const socket = connect(socketPath(dataFolder)).setEncoding('utf8');
    let text = '';
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy());
    socket.on('data', (chunk) => {
      text += chunk;
    });
    socket.on('error', () => resolve(null));
    socket.on('close', () => resolve(parsePresence(text)));
  });
}

function parsePresence(text: string): Presence | null {
  if (text === '') return null;
  const parsed = presenceSchema.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : null;
}

/** Takes the data folder; null when a running service has it. Resolves to the function that gives it back. */
export async function takeDataFolder(
  dataFolder: string,
  presence: () => Presence,
): Promise<(() => Promise<void>) | null> {
  const path = socketPath(dataFolder);
  if ((await findService(dataFolder)) !== null) return null;
  await mkdir(dataFolder, { recursive: true });
  await rm(path, { force: true });
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(JSON.stringify(presence()));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}
