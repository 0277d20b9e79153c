import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SottoClient } from '@sotto/client';
import { longTranscript } from '@sotto/testkit';
import { zipSync } from 'fflate';

const SPEAKERS = 2;
/** Somebody speaks for so many lines. */
const LINES_A_TURN = 6;

/** A made-up transcript of so many hours, with two speakers and a recording that plays, in the library. @returns its id */
export async function keepLongItem(url: string, hours: number, folder: string): Promise<{ id: string; words: number }> {
  const transcript = withTurns(longTranscript(hours));
  const at = new Date().toISOString();
  const item = {
    version: 1,
    id: randomUUID(),
    title: `${hours} hours`,
    tags: [],
    folder: null,
    status: 'completed',
    error_code: null,
    error_message: null,
    file_name: 'talk.mp3',
    audio_type: 'audio/mpeg',
    keep_until: null,
    created_at: at,
    ended_at: at,
    feedback: null,
  };
  const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
  const entries = {
    'item.json': json(item),
    'transcript.json': json(transcript),
    'edits.json': json([]),
    recording: await tone(transcript.durationMs, folder),
  };
  const client = new SottoClient({ baseUrl: url });
  const named = Object.entries(entries).map(([name, bytes]) => [`items/${item.id}/${name}`, bytes] as const);
  const result = await client.library.import(new Blob([zipSync(Object.fromEntries(named), { level: 0 })]));
  if (result.imported !== 1) throw new Error(`The item was not taken: ${JSON.stringify(result)}.`);
  const [newest] = (await client.library.list({ sort: 'created', order: 'desc', limit: 1 })).items;
  if (newest === undefined) throw new Error('The item is not in the library.');
  return { id: newest.id, words: transcript.segments.reduce((sum, { words }) => sum + words.length, 0) };
}

function withTurns(transcript: ReturnType<typeof longTranscript>) {
  const speakerOf = (line: number): number => Math.floor(line / LINES_A_TURN) % SPEAKERS;
  const segments = transcript.segments.map((segment, line) => ({
    ...segment,
    speaker: speakerOf(line),
    words: segment.words.map((word) => ({ ...word, speaker: speakerOf(line) })),
  }));
  const turns = segments.map(({ startMs, endMs, speaker }) => ({ startMs, endMs, speaker }));
  const speakers = Array.from({ length: SPEAKERS }, () => ({ name: null, ms: 0, words: 0 }));
  return { ...transcript, segments, turns, speakers };
}

/** An hour of a tone takes some seconds to encode, so a minute of it is repeated. */
async function tone(durationMs: number, folder: string): Promise<Uint8Array> {
  const run = promisify(execFile);
  const [minute, whole] = [join(folder, 'minute.mp3'), join(folder, 'whole.mp3')];
  const source = ['-f', 'lavfi', '-i', "aevalsrc='0.5*sin(440*2*PI*t)*abs(sin(t))':s=16000"];
  await run('ffmpeg', ['-v', 'error', '-y', ...source, '-t', '60', '-b:a', '32k', minute]);
  const repeated = ['-stream_loop', '-1', '-i', minute, '-c', 'copy', '-t', String(durationMs / 1000)];
  await run('ffmpeg', ['-v', 'error', '-y', ...repeated, whole]);
  return new Uint8Array(await readFile(whole));
}
