import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { wireSearchSchema, wireTranscriptSchema } from '@sotto/contracts';
import { type Service, startService } from '@sotto/testkit';
import { accepted, ended } from './support/jobs.ts';
import { recording } from './support/recordings.ts';
import { expectError, send, transcribe } from './support/replies.ts';
import { runsMade } from './support/runs.ts';

let service: Service;
let jobId: string;
let words: { word: string; start: number; end: number }[];

beforeAll(async () => {
  service = await startService({ workers: 1 });
  const { wav } = await recording(31, 3);
  jobId = await accepted(service.url, wav, { timestamp_granularity: 'word', min_cue_gap: '0.1', max_line_width: '12' });
  await ended(service.url, jobId);
  words = wireTranscriptSchema.parse((await result('format=json')).json).words ?? [];
});

afterAll(async () => {
  await service?.close();
});

const result = (query: string) => send(`${service.url}/jobs/${jobId}/result?${query}`);
const search = (query: string, id = jobId) => send(`${service.url}/jobs/${id}/search?${query}`);

const timeLines = (srt: string) => [...srt.matchAll(/^(\S+) --> (\S+)$/gm)].map(([, from, to]) => [ms(from), ms(to)]);

function ms(clock = ''): number {
  const [hours = 0, minutes = 0, seconds = 0, rest = 0] = clock.split(/[:,.]/).map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest;
}

describe('a finished job', () => {
  it.each([
    ['json', 'application/json', /^\{"text":/],
    ['verbose_json', 'application/json', /"avg_logprob":/],
    ['text', 'text/plain', /^\w/],
    ['TXT', 'text/plain', /^\w/],
    ['srt', 'application/x-subrip', /^1\n/],
    ['vtt', 'text/vtt', /^WEBVTT\n\n/],
    ['ass', 'text/x-ssa', /^\[Script Info\]\nTitle: recording.wav\n/],
    ['tsv', 'text/tab-separated-values', /^start\tend\ttext\n/],
    ['csv', 'text/csv', /^start,end,text,confidence\r\n/],
    ['md', 'text/markdown', /^# recording.wav\n\n\*English · 00:00:/],
    ['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', /^PK/],
  ])('is there as %s', async (format, contentType, shape) => {
    const reply = await result(`format=${format}`);
    expect(reply.headers.get('content-type')?.split(';')[0]).toBe(contentType);
    expect(reply.text).toMatch(shape);
    const disposition = reply.headers.get('content-disposition');
    if (format === 'docx') expect(disposition).toMatch(/^attachment; filename="?recording\.docx"?$/);
    else expect(disposition).toBeNull();
    expect(await runsMade(service)).toBe(1);
  });

  it('has captions in the shape its request asked for, or the reader asks for', async () => {
    const asked = await result('format=srt&timestamp_granularity=segment');
    const wide = await result(
      'format=srt&timestamp_granularity=segment&max_line_width=40&min_cue_gap=0&max_line_count=1',
    );
    const textOf = (srt: string) => srt.split('\n').filter((line) => /^[a-z]/i.test(line));
    for (const line of textOf(asked.text)) expect(line.length <= 12 || !line.includes(' ')).toBe(true);
    expect(textOf(wide.text).some((line) => line.length > 12)).toBe(true);
    expect(textOf(wide.text).join(' ')).toBe(textOf(asked.text).join(' '));
    const times = timeLines(asked.text);
    for (const [index, [from = 0]] of times.entries()) {
      if (index > 0) expect(from - (times[index - 1]?.[1] ?? 0)).toBeGreaterThanOrEqual(100);
    }
  });

  it('lights up its words when they are said', async () => {
    const { text } = await result('format=vtt&timestamp_granularity=segment&highlight_words=true');
    const seconds = [...text.matchAll(/<(\d\S+?)><c>/g)].map((match) => ms(match[1]) / 1000);
    expect(seconds.length).toBeGreaterThan(0);
    for (const start of seconds) expect(words.map((word) => word.start)).toContain(start);
  });

  it('is worded as its request asked for, or as the reader asks for, without another run', async () => {
    const [first, second] = words;
    const rule = { from: `${first?.word} ${second?.word}`.replace(/[^\p{L} ]/gu, ''), to: 'C++ <b>' };
    const { json } = await result(`format=json&${new URLSearchParams({ replace: JSON.stringify([rule]) })}`);
    const reworded = wireTranscriptSchema.parse(json);
    expect(reworded.text).toMatch(/^C\+\+ <b>/);
    expect(reworded.words?.slice(0, 2)).toEqual([
      expect.objectContaining({ word: 'C++', start: first?.start, end: first?.end }),
      expect.objectContaining({ word: expect.stringMatching(/^<b>/), start: second?.start, end: second?.end }),
    ]);
    expect(reworded.words?.slice(2)).toEqual(words.slice(2));
    const loud = await accepted(service.url, (await recording(31, 3)).wav, { casing: 'upper', replace: 'a => b' });
    await ended(service.url, loud);
    const textOf = async (query: string) => (await send(`${service.url}/jobs/${loud}/result?${query}`)).text;
    expect(await textOf('format=text')).toBe((await result('format=text')).text.toUpperCase());
    expect(await textOf('format=text&casing=keep&replace=[]')).toBe((await result('format=text')).text);
    const escaped = await textOf(`format=vtt&casing=keep&replace=${second?.word.replace(/[^\p{L}]/gu, '')}%3D%3E%26`);
    expect(escaped).toContain('&amp;');
    expect(await runsMade(service)).toBe(1);
  });

  it.each([
    ['format=pdf', /^format: .*"docx"/],
    ['max_line_width=wide', /^max_line_width: must be a number/],
    ['max_line_width=5', /^max_line_width: .*10/],
    ['max_line_count=2.5', /^max_line_count: /],
    ['max_cue_duration=0', /^max_cue_duration: .*0\.5/],
    ['min_cue_gap=2', /^min_cue_gap: .*1/],
    ['max_chars_per_second=0', /^max_chars_per_second: /],
    ['highlight_words=maybe', /^highlight_words: /],
    ['min_cue_duration=8', /^min_cue_duration: 8 s is more than max_cue_duration, 7 s/],
    ['line_width=20', /line_width/],
    ['numbers=roman', /^numbers: /],
    ['casing=title', /^casing: /],
    ['disfluencies=maybe', /^disfluencies: /],
    ['replace=a', /^replace: must be a JSON list, or lines of `from => to`/],
    ['replace=[{', /^replace: is not valid JSON/],
    ['replace=[{"from":"a"}]', /^replace\.0\.to: /],
    ['replace=%3D%3Ea', /^replace\.0\.from: must contain a letter/],
    [`replace=${'a'.repeat(101)}%3D%3Eb`, /^replace\.0\.from: .*100/],
    [`replace=a%00%3D%3Eb`, /^replace\.0\.from: must not contain control characters/],
    [`replace=${'a%3D%3Eb%0A'.repeat(201)}`, /^replace: .*200/],
  ])('is not given for %s', async (query, detail) => {
    const reply = await result(query);
    expectError(reply, 422, 'invalid_parameter');
    expect(reply.json?.detail).toMatch(detail);
  });
});

describe('a new job', () => {
  it('is not begun for captions that cannot be made', async () => {
    const { wav } = await recording(32);
    const reply = await transcribe(service.url, { bytes: wav }, { max_cue_duration: '0.5', min_cue_duration: '0.6' });
    expectError(reply, 422, 'invalid_parameter');
    expectError(await transcribe(service.url, { bytes: wav }, { max_line_count: '0' }), 422, 'invalid_parameter');
    expect(await runsMade(service)).toBe(1);
  });

  it('is answered in the format and shape it asks for', async () => {
    const { wav } = await recording(31, 3);
    const docx = await transcribe(service.url, { bytes: wav, name: 'Gespräch.mp4' }, { response_format: 'docx' });
    expect(docx.headers.get('content-disposition')).toMatch(/filename\*=UTF-8''Gespr%C3%A4ch\.docx$/);
    expect(docx.text).toMatch(/^PK/);
    const fields = { response_format: 'ass', highlight_words: 'true' };
    expect((await transcribe(service.url, { bytes: wav }, fields)).text).toMatch(/^Dialogue: .*\{\\k\d+\}\w/m);
    expect(await runsMade(service)).toBe(1);
  });
});

describe('a search', () => {
  it('finds every word of the transcript, with its times', async () => {
    for (const { word, start, end } of words) {
      const found = wireSearchSchema.parse((await search(`q=${encodeURIComponent(word.toUpperCase())}`)).json);
      expect(found.matches).toContainEqual(expect.objectContaining({ text: word, start, end }));
      expect(found.total).toBe(words.filter((other) => other.word.toLowerCase() === word.toLowerCase()).length);
    }
  });

  it('finds phrases, with what is said before and after', async () => {
    const [first, second, third, fourth] = words.map(({ word }) => word);
    const { json } = await search(`q=${encodeURIComponent(`${second}  ${third}!`)}&context=1&limit=1`);
    expect(json).toMatchObject({
      job_id: jobId,
      query: `${second}  ${third}!`,
      matches: [
        { before: first, text: `${second} ${third}`, after: fourth, start: words[1]?.start, end: words[2]?.end },
      ],
    });
    expect((await search('q=never-said')).json).toMatchObject({ total: 0, matches: [] });
  });

  it.each([
    '',
    'q=',
    'q=%20',
    'q=%3F%21',
    `q=${'x'.repeat(201)}`,
    'q=a&limit=0',
    'q=a&context=51',
    'q=a&x=1',
    'q=a&q=b',
  ])('is refused for "%s"', async (query) => expectError(await search(query), 422, 'invalid_parameter'));

  it('is for finished jobs', async () => {
    expectError(await search('q=a', '00000000-0000-4000-8000-000000000000'), 404, 'job_not_found');
    const api = await startService({ workers: 0 });
    try {
      const id = await accepted(api.url, (await recording(33)).wav);
      expectError(await send(`${api.url}/jobs/${id}/search?q=a`), 409, 'job_not_finished');
    } finally {
      await api.close({ leftovers: true });
    }
  });
});
