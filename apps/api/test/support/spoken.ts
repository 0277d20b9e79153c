import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

/** Sends a text to be spoken. */
export function speak(url: string, body: Record<string, unknown>, init: RequestInit = {}): Promise<Response> {
  return fetch(`${url}/speak`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    ...init,
    body: JSON.stringify(body),
  });
}

/** The comment in a file of any format, as ffprobe reads it; undefined: none. */
export async function commentOf(bytes: Uint8Array): Promise<string | undefined> {
  const entries = 'format_tags=comment:stream_tags=comment';
  const ffprobe = spawn('ffprobe', ['-v', 'error', '-show_entries', entries, '-of', 'default=nw=1:nk=1', 'pipe:0']);
  ffprobe.stdin.on('error', () => {});
  ffprobe.stdin.end(bytes);
  const [comment] = (await text(ffprobe.stdout)).trim().split('\n');
  return comment;
}

/** Seconds of sound in a file of any format, as ffmpeg decodes it. */
export async function secondsOf(bytes: Uint8Array): Promise<number> {
  const options = '-hide_banner -nostdin -loglevel error -i pipe:0 -f s16le -ar 16000 -ac 1 pipe:1'.split(' ');
  const ffmpeg = spawn('ffmpeg', options, { stdio: ['pipe', 'pipe', 'pipe'] });
  const said = text(ffmpeg.stderr);
  ffmpeg.stdin.on('error', () => {});
  ffmpeg.stdin.end(bytes);
  let decoded = 0;
  for await (const chunk of ffmpeg.stdout as AsyncIterable<Buffer>) decoded += chunk.length;
  if (decoded === 0) throw new Error(`not decoded: ${await said}`);
  return decoded / 2 / 16_000;
}
