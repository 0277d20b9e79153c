import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '@sotto/testkit';
import { z } from 'zod';

const probed = z.object({
  format: z.object({ duration: z.coerce.number().optional(), tags: z.record(z.string(), z.string()).default({}) }),
  streams: z.array(
    z.object({
      codec_type: z.string(),
      codec_name: z.string().optional(),
      tags: z.record(z.string(), z.string()).optional(),
    }),
  ),
  chapters: z.array(
    z.object({
      start_time: z.coerce.number(),
      end_time: z.coerce.number(),
      tags: z.object({ title: z.string().optional() }).optional(),
    }),
  ),
});
export type SoundFile = z.infer<typeof probed>;

/** What ffprobe, which may go to and fro in the file, says of it; and how many seconds ffmpeg decodes of it. */
export async function readSoundFile(bytes: Uint8Array): Promise<SoundFile & { seconds: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-sound-file-'));
  try {
    const path = join(folder, 'sound');
    await writeFile(path, bytes);
    const show = ['-show_format', '-show_streams', '-show_chapters'];
    const told = await runCommand('ffprobe', ['-v', 'error', '-of', 'json', ...show, path]);
    const decode = '-f s16le -ar 16000 -ac 1 pipe:1'.split(' ');
    const decoded = await runCommand('ffmpeg', ['-v', 'error', '-nostdin', '-xerror', '-i', path, ...decode]);
    if (told.code !== 0 || decoded.code !== 0) throw new Error(`no sound file: ${told.stderr}${decoded.stderr}`);
    return { ...probed.parse(JSON.parse(told.stdout.toString())), seconds: decoded.stdout.length / 2 / 16_000 };
  } finally {
    await rm(folder, { recursive: true });
  }
}
