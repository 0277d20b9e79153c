import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { wireAcceptedSchema, wireEditedTranscriptSchema, wireSpeechSchema } from '@sotto/contracts';
import { describeWith, speak as recorded, type Service, startService, tinyEnModelDir } from '@sotto/testkit';
import { ended, remove } from './support/jobs.ts';
import { LibraryOf, libraryOpen } from './support/library.ts';

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
  beforeAll(async () => {
    service = await startService({
      roles: [['prepare', 'speak', 'transcribe']],
      modelDir,
      model: 'tiny.en',
      apiEnv: { DATABASE_URL: 'pglite:library' },
    });
    await libraryOpen(service.url);
    const { path } = await recorded(SENTENCES, { speed: 130 });
    jobId = await transcribed(path);
  });
  afterAll(async () => {
    await service?.close({ leftovers: true });
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
    const library = new LibraryOf(service.url);
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

/** Where it is no longer silent, from a moment on. */
function firstSoundS(samples: Int16Array, sampleRateHz: number, fromS: number): number {
  const from = Math.max(0, Math.floor((fromS - 0.01) * sampleRateHz));
  const at = samples.subarray(from).findIndex((sample) => Math.abs(sample) > 200);
  return (from + at) / sampleRateHz;
}
