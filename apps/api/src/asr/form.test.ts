import { describe, expect, it } from '@jest/globals';
import { asrQuery, readAsr, readDetection } from './form.ts';

const read = (fields: Record<string, unknown>) => readAsr({}, fields, 60_000);

describe('the fields of /asr', () => {
  it("have whisper-asr-webservice's defaults", () => {
    expect(read({})).toMatchObject({
      run: { language: null, model: null, task: 'transcribe', prompt: null, vad: true },
      output: 'txt',
      wordTimestamps: false,
      maxDurationMs: 60_000,
      delivery: { responseFormat: 'text', async: false },
    });
  });

  it('become options', () => {
    const fields = { task: 'translate', language: 'de', initial_prompt: 'Names', vad_filter: 'false', output: 'json' };
    expect(read({ ...fields, word_timestamps: 'True' })).toMatchObject({
      run: { language: 'de', task: 'translate', prompt: 'Names', vad: false },
      output: 'json',
      wordTimestamps: true,
      delivery: { responseFormat: 'json', granularity: 'word' },
    });
  });

  it('keep only the name of a film', () => {
    expect(read({ video_file: '/films/../A Film.mkv' }).fileName).toBe('A Film.mkv');
    expect(read({ video_file: '' }).fileName).toBeUndefined();
  });

  it.each([
    ['false', false],
    ['0', false],
    ['no', false],
    ['True', true],
    ['', undefined],
  ])('encode=%s means %s', (encode, expected) => {
    expect(asrQuery.parse({ encode }).encode).toBe(expected);
  });

  it('may stand in the address and in the form; the address goes first', () => {
    const address = asrQuery.parse({ language: 'de', task: '' });
    const options = readAsr(address, { language: 'no language', task: 'translate', output: 'srt' }, 60_000);
    expect(options).toMatchObject({ run: { language: 'de', task: 'translate' }, output: 'srt' });
  });

  it('leave unknown ones alone, and refuse values that cannot be used', () => {
    expect(() => read({ method: 'faster-whisper' })).not.toThrow();
    const contradiction = { diarize: 'true', min_speakers: '3', max_speakers: '2' };
    for (const fields of [{ output: 'pdf' }, contradiction, { language: ['de', 'en'] }, { encode: 'maybe' }]) {
      expect(() => read(fields)).toThrow('invalid_parameter');
    }
  });

  it('of /detect-language want only the language', () => {
    const asked = readDetection({}, { language: 'de' }, 60_000);
    expect(asked).toMatchObject({ kind: 'language', run: { model: null, vad: true } });
  });
});
