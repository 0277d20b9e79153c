import { readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { wireAcceptedSchema, wireEditedTranscriptSchema, wireSpeechSchema } from '@sotto/contracts';
import {
  describeWith,
  ffmpeg,
  filesUnder,
  mustRun,
  speak as recorded,
  type Service,
  startService,
  temporaryFolder,
  tinyEnModelDir,
} from '@sotto/testkit';
import { ended, remove } from './support/jobs.ts';
import { LibraryOf, libraryOpen } from './support/library.ts';
import { secondsOf } from './support/spoken.ts';

jest.setTimeout(180_000);

interface Line {
  start: number;
  end: number;
  text: string;
}

const SENTENCES =
  'The old ship sailed slowly into the harbor. She bought seven green apples and a loaf of fresh bread.';

describeWith(await tinyEnModelDir(), 'POST /jobs/{id}/dub', (modelDir) => {
  let service: Service;
  let jobId: string;
  let talk: string;
  let folder: string;
  let library: LibraryOf;
  beforeAll(async () => {
    service = await startService({
      roles: [['prepare', 'speak', 'transcribe']],
      modelDir,
      model: 'tiny.en',
      apiEnv: { DATABASE_URL: 'pglite:library' },
    });
    await libraryOpen(service.url);
    library = new LibraryOf(service.url);
    folder = await temporaryFolder('dub');
    ({ path: talk } = await recorded(SENTENCES, { speed: 130 }));
    jobId = await transcribed(talk);
  });
  afterAll(async () => {
    await service?.close({ leftovers: true });
    await rm(folder, { recursive: true, force: true });
  });

  async function transcribed(path: string): Promise<string> {
    const form = new FormData();
    form.append('file', new Blob([await readFile(path)]), 'talk.wav');
    form.append('async', 'true');
    form.append('keep', 'true');
    const response = await fetch(`${service.url}/transcribe`, { method: 'POST', body: form });
    const { job_id: id } = wireAcceptedSchema.parse(await response.json());
    await ended(service.url, id);
    return id;
  }

  /** What was recorded, with a picture that moves. */
  async function filmed(name: string, codecs: string): Promise<string> {
    const path = join(folder, name);
    const picture = '-f lavfi -i testsrc=size=160x120:rate=10 -shortest -pix_fmt yuv420p -c:v'.split(' ');
    await ffmpeg('-i', talk, ...picture, ...codecs.split(' '), path);
    return path;
  }

  async function keptItem(path: string): Promise<string> {
    const reply = await library.keep(await readFile(path), {}, basename(path));
    const id = String(reply.json?.job_id);
    expect(await library.ended(id)).toMatchObject({ status: 'completed' });
    return id;
  }

  const dub = (id: string, body: object = {}, of = 'jobs') =>
    fetch(`${service.url}/${of}/${id}/dub`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const result = (id: string, format: string) => fetch(`${service.url}/jobs/${id}/result?format=${format}`);

  it('speaks each line when it was said, and is as long as the recording', async () => {
    const { segments, duration } = (await (await result(jobId, 'verbose_json')).json()) as {
      segments: Line[];
      duration: number;
    };
    const response = await dub(jobId, { response_format: 'wav' });
    expect(response.status).toBe(202);
    const { job_id: id } = wireAcceptedSchema.parse(await response.json());
    expect(await ended(service.url, id)).toMatchObject({ status: 'completed', kind: 'speech' });
    const told = wireSpeechSchema.parse(await (await result(id, 'json')).json());
    expect(told.pieces.map(({ text }) => text).join(' ')).toBe(segments.map(({ text }) => text.trim()).join(' '));
    expect(told.duration).toBeGreaterThanOrEqual(duration - 0.01);
    let overS = 0;
    for (const [at, { start, end }] of told.pieces.entries()) {
      expect(start).toBeCloseTo(Math.max(segments[at]?.start ?? 0, overS), 1);
      overS = end;
    }
    const wav = Buffer.from(await (await result(id, 'wav')).arrayBuffer());
    const samples = new Int16Array(
      wav.buffer.slice(wav.byteOffset + 44, wav.byteOffset + wav.length - (wav.length % 2)),
    );
    for (const { start } of told.pieces) {
      expect(Math.abs(firstSoundS(samples, told.sample_rate, start) - start)).toBeLessThan(0.15);
    }
    await remove(service.url, id);
  });

  it('is read back by our own transcription', async () => {
    const { job_id: id } = wireAcceptedSchema.parse(await (await dub(jobId, { response_format: 'wav' })).json());
    await ended(service.url, id);
    const form = new FormData();
    form.append('file', await (await result(id, 'wav')).blob(), 'dubbed.wav');
    form.append('response_format', 'text');
    const heard = await (await fetch(`${service.url}/transcribe`, { method: 'POST', body: form })).text();
    const plain = (text: string): string[] => text.toLowerCase().match(/[a-z]+/g) ?? [];
    const said = plain(await (await result(jobId, 'text')).text());
    const missing = said.filter((word) => !plain(heard).includes(word));
    expect(missing.length / said.length).toBeLessThan(0.3);
  });

  it('speaks an item as it was edited', async () => {
    const item = await library.ended(jobId);
    const { segments } = wireEditedTranscriptSchema.parse((await library.get(`/${jobId}/transcript`)).json);
    const [first, ...others] = segments;
    const text = 'Nobody has said this before.';
    const operations = [
      { type: 'replace_text', segment: first?.id, from_word: 0, to_word: first?.words.length, text },
      { type: 'set_speaker', segments: [first?.id], speaker: 0 },
      { type: 'rename_speaker', speaker: 0, name: 'Anna' },
      ...others.map(({ id }) => ({ type: 'delete', segment: id })),
    ];
    const edit = { base_revision: item.revision, edits: [{ id: 'other-text', operations }] };
    expect((await library.send('POST', `/${jobId}/edits`, edit)).status).toBe(200);
    const { job_id: id } = wireAcceptedSchema.parse(
      await (await dub(jobId, { voices: { Anna: 'espeak' } }, 'library')).json(),
    );
    expect(await ended(service.url, id)).toMatchObject({ status: 'completed', kind: 'speech' });
    const { pieces, duration } = wireSpeechSchema.parse(await (await result(id, 'json')).json());
    expect(pieces.map((piece) => piece.text)).toEqual([text]);
    expect(duration).toBeGreaterThanOrEqual((item.duration ?? Number.POSITIVE_INFINITY) - 0.01);
    expect((await dub('00000000-0000-4000-8000-000000000000', {}, 'library')).status).toBe(404);
  });

  it.each([
    ['mp4', 'libx264 -bf 2 -g 20 -c:a aac', 'video/mp4', 'h264', 'aac'],
    ['webm', 'libvpx -g 20 -c:a libopus', 'video/webm', 'vp8', 'opus'],
    ['mkv', 'mpeg4 -c:a pcm_s16le', 'video/x-matroska', 'mpeg4', 'pcm_s16le'],
  ])('puts it into the video of an item, beside its own sound (%s)', async (extension, codecs, type, video, audio) => {
    const path = await filmed(`film.${extension}`, codecs);
    const id = await keptItem(path);
    const { job_id: dubId } = wireAcceptedSchema.parse(await (await dub(id, { video: true }, 'library')).json());
    expect(await ended(service.url, dubId)).toMatchObject({ status: 'completed' });
    const told = wireSpeechSchema.parse(await (await result(dubId, 'json')).json());
    const sent = await result(dubId, 'video');
    expect([sent.status, sent.headers.get('content-type')]).toEqual([200, type]);
    expect(sent.headers.get('content-disposition')).toContain(`film.${extension}`);
    const bytes = Buffer.from(await sent.arrayBuffer());
    expect(told.video).toEqual({ bytes: bytes.length, media_type: type });
    const part = await fetch(`${service.url}/jobs/${dubId}/result?format=video`, {
      headers: { Range: 'bytes=100-199' },
    });
    expect([part.status, Buffer.from(await part.arrayBuffer())]).toEqual([206, bytes.subarray(100, 200)]);
    const dubbed = join(folder, `dubbed.${extension}`);
    await writeFile(dubbed, bytes);
    const streams = await streamsOf(dubbed);
    const dubCodec = extension === 'webm' ? 'opus' : 'aac';
    expect(streams.map(({ codec }) => codec)).toEqual([video, dubCodec, audio]);
    expect(streams.map(({ language }) => language)).toEqual([undefined, 'eng', 'eng']);
    const [picture, own] = await streamsOf(path);
    expect([streams[0]?.packets, streams[2]?.packets]).toEqual([picture?.packets, own?.packets]);
    expect(await picturesOf(dubbed)).toBe(await picturesOf(path));
    const wav = await result(dubId, 'wav');
    expect(Number(wav.headers.get('content-length'))).toBe((await wav.arrayBuffer()).byteLength);
    expect((await result(dubId, 'mp3')).status).toBe(200);
    await remove(service.url, dubId);
  });

  it('says why there is no video: none was asked for, or the recording has none', async () => {
    expect((await dub(jobId, { video: true }, 'library')).status).toBe(422);
    expect((await dub(jobId, { video: true })).status).toBe(422);
    expect((await result(jobId, 'video')).status).toBe(422);
    const path = join(folder, 'sound.mp4');
    await ffmpeg('-i', talk, '-c:a', 'aac', path);
    const id = await keptItem(path);
    const { job_id: dubId } = wireAcceptedSchema.parse(await (await dub(id, { video: true }, 'library')).json());
    expect(await ended(service.url, dubId)).toMatchObject({ status: 'completed' });
    const { warnings, video, duration } = wireSpeechSchema.parse(await (await result(dubId, 'json')).json());
    const withoutPicture = { code: 'video_not_made', detail: 'The recording has no picture.' };
    expect([video, warnings]).toEqual([undefined, expect.arrayContaining([withoutPicture])]);
    const refused = await result(dubId, 'video');
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('has no picture')]);
    expect(await secondsOf(new Uint8Array(await (await result(dubId, 'wav')).arrayBuffer()))).toBeCloseTo(duration, 1);
    const plain = wireAcceptedSchema.parse(await (await dub(id, {}, 'library')).json()).job_id;
    await ended(service.url, plain);
    expect((await result(plain, 'video')).status).toBe(422);
  });

  it('makes of a recording that was cut off what there is of it', async () => {
    const whole = await readFile(await filmed('whole.webm', 'libvpx -g 20 -c:a libopus'));
    const path = join(folder, 'cut.webm');
    await writeFile(path, whole.subarray(0, Math.floor(whole.length * 0.6)));
    const { job_id: dubId } = wireAcceptedSchema.parse(
      await (await dub(await keptItem(path), { video: true }, 'library')).json(),
    );
    expect(await ended(service.url, dubId)).toMatchObject({ status: 'completed' });
    await writeFile(path, Buffer.from(await (await result(dubId, 'video')).arrayBuffer()));
    expect((await streamsOf(path)).map(({ codec }) => codec)).toEqual(['vp8', 'opus', 'opus']);
  });

  it('says that a recording is gone', async () => {
    const id = await keptItem(await filmed('gone.webm', 'libvpx -c:a libopus'));
    const { job_id: dubId } = wireAcceptedSchema.parse(await (await dub(id, { video: true }, 'library')).json());
    await ended(service.url, dubId);
    const kept = join(service.blobFolder, 'library');
    for (const file of await filesUnder(kept)) await rm(join(kept, file));
    const asked = { video: true, cache: false };
    const { job_id: lateId } = wireAcceptedSchema.parse(await (await dub(id, asked, 'library')).json());
    expect(await ended(service.url, lateId)).toMatchObject({ status: 'completed' });
    const { warnings } = wireSpeechSchema.parse(await (await result(lateId, 'json')).json());
    expect(warnings.map(({ code }) => code)).toContain('video_not_made');
    expect((await result(lateId, 'wav')).status).toBe(200);
    expect((await result(lateId, 'video')).status).toBe(422);
    expect((await result(dubId, 'video')).status).toBe(200);
  });

  it('refuses what is no transcript, and voices of nobody', async () => {
    expect((await dub('00000000-0000-4000-8000-000000000000')).status).toBe(404);
    expect((await dub(jobId, { voices: { SPEAKER_07: 'espeak' } })).status).toBe(422);
    expect((await dub(jobId, { voice: 'nobody' })).status).toBe(422);
    expect((await dub(jobId, { speed: 2 })).status).toBe(422);
    const { job_id: id } = wireAcceptedSchema.parse(await (await dub(jobId)).json());
    await ended(service.url, id);
    const refused = await dub(id);
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ error: 'no_transcript' });
  });
});

interface Stream {
  codec: string;
  packets: number;
  language: string | undefined;
}

async function streamsOf(path: string): Promise<Stream[]> {
  const asked = '-loglevel error -count_packets -show_streams -of json'.split(' ');
  const { streams } = JSON.parse(String(await mustRun('ffprobe', [...asked, path]))) as {
    streams: { codec_name: string; nb_read_packets: string; tags?: { language?: string } }[];
  };
  return streams.map(({ codec_name: codec, nb_read_packets: packets, tags }) => {
    const language = tags?.language === 'und' ? undefined : tags?.language;
    return { codec, packets: Number(packets), language };
  });
}

/** Of all pictures, as they are when they have been decoded. */
async function picturesOf(path: string): Promise<string> {
  return String(await mustRun('ffmpeg', ['-loglevel', 'error', '-i', path, ...'-map 0:v:0 -f md5 -'.split(' ')]));
}

/** Where it is no longer silent, from a moment on. */
function firstSoundS(samples: Int16Array, sampleRateHz: number, fromS: number): number {
  const from = Math.max(0, Math.floor((fromS - 0.01) * sampleRateHz));
  const at = samples.subarray(from).findIndex((sample) => Math.abs(sample) > 200);
  return (from + at) / sampleRateHz;
}
