import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { wireVerboseTranscriptSchema } from '@sotto/contracts';
import {
  concat,
  encodeWav,
  NANO_WORDS,
  type Phrase,
  pause,
  type Service,
  speakPhrase,
  startService,
} from '@sotto/testkit';
import { clientOf } from './support/openai.ts';
import { send, transcribe } from './support/replies.ts';

const WORDS = NANO_WORDS.en.slice(3, 8);
const LEAD_MS = 700;

let service: Service;
let phrase: Phrase;
/** So quiet, and so far off the middle, that nobody is heard in it. */
let recording: Buffer;

beforeAll(async () => {
  service = await startService();
  phrase = await speakPhrase({ text: WORDS.join(' '), voice: 'en-us', speed: 140 });
  const samples = concat(pause(LEAD_MS), phrase.samples, pause(700));
  recording = encodeWav(samples.map((sample) => Math.round(sample * 0.002 + 3_000)));
});

afterAll(() => service?.close());

async function heard(fields: Record<string, string>) {
  const reply = await transcribe(service.url, { bytes: recording }, { response_format: 'verbose_json', ...fields });
  return wireVerboseTranscriptSchema.parse(reply.json);
}

describe('enhance', () => {
  it('hears what was too quiet, at the times at which it was said', async () => {
    const asItIs = await heard({});
    expect(asItIs).toMatchObject({ text: '' });
    for (const enhance of ['level', 'auto', ' Level ']) {
      const transcript = await heard({ enhance });
      expect(transcript.text).toBe(WORDS.join(' '));
      expect(transcript.duration).toBe(asItIs.duration);
      expect(transcript.warnings.map(({ code }) => code)).toContain('enhanced');
      const words = transcript.segments.flatMap((segment) => segment.words);
      for (const [at, { start }] of words.entries()) {
        expect(Math.abs(start * 1000 - LEAD_MS - (phrase.words[at]?.startMs ?? 0))).toBeLessThan(150);
      }
    }
  });

  it.each(['loud', 'true', 'denoise,level'])('refuses %s', async (enhance) => {
    const reply = await transcribe(service.url, { bytes: recording }, { enhance });
    expect(reply).toMatchObject({
      status: 422,
      json: { error: 'invalid_parameter', parameters: [{ field: 'enhance' }] },
    });
  });

  it('is taken by the other APIs', async () => {
    // What its types do not know, it sends all the same.
    const asked = { file: new File([recording], 'quiet.wav'), model: 'whisper-1', enhance: 'level' };
    const openai = await clientOf(service.url).audio.transcriptions.create(asked);
    expect(openai.text).toBe(WORDS.join(' '));
    const body = new FormData();
    body.append('audio_file', new Blob([new Uint8Array(recording)]), 'quiet.wav');
    const asr = await send(`${service.url}/asr?enhance=level&output=txt`, { method: 'POST', body });
    expect(asr.text.trim()).toBe(WORDS.join(' '));
  });
});
