import { describe, expect, it } from '@jest/globals';
import type { LiveEvent } from '@sotto/contracts';
import { WyomingTranslator } from './translator.ts';

const INFO = { asr: [{ name: 'sotto' }] };
const AUDIO = { rate: 16_000, width: 2, channels: 1 };

const translator = () => new WyomingTranslator(INFO);
const event = (type: string, data: Record<string, unknown> = {}, payload: Uint8Array = new Uint8Array()) => ({
  type,
  data,
  payload: Buffer.from(payload),
});

const final = (text: string, utterance = 0): LiveEvent => ({
  type: 'final',
  utterance,
  words: (text.match(/\s*\S+/g) ?? []).map((word) => ({ word, startMs: 0, endMs: 1, confidence: 1 })),
  language: 'en',
  isLast: false,
  lagMs: 0,
});
const ENDED: LiveEvent = { type: 'ended', by: 'client', heardMs: 0 };

describe('Wyoming', () => {
  it('tells what is here, and answers a ping', () => {
    const session = translator();
    expect(session.receive(event('describe')).messages).toEqual([{ type: 'info', data: INFO }]);
    expect(session.receive(event('ping', { text: 'x' })).messages).toEqual([{ type: 'pong', data: { text: 'x' } }]);
    expect(session.receive(event('of-a-newer-client'))).toEqual({ commands: [], messages: [] });
  });

  it('makes a session of what is said from start to stop, and a transcript of all of it', () => {
    const session = translator();
    const wishes = {
      name: 'base',
      language: 'de-DE',
      transcript_names: ['Anna'],
      transcript_terms: ['Lampe'],
      vad_sensitivity: 'relaxed',
    };
    expect(session.receive(event('transcribe', wishes))).toEqual({ commands: [], messages: [] });
    const options = {
      language: 'de',
      model: 'base',
      prompt: null,
      keyterms: [{ text: 'Anna', weight: 2 }, { text: 'Lampe' }],
      endpointing: { threshold: 0.5, prefixMs: 300, silenceMs: 1_000, patience: 1 },
    };
    const format = { encoding: 'pcm_s16le', sampleRate: 16_000 };
    expect(session.receive(event('audio-start', AUDIO)).commands).toEqual([{ type: 'configure', format, options }]);
    const chunk = session.receive(event('audio-chunk', AUDIO, Uint8Array.of(1, 2, 3, 4)));
    expect(chunk.commands).toEqual([{ type: 'audio', bytes: Buffer.of(1, 2, 3, 4) }]);
    expect(session.tell(final(' Hello,'))).toEqual([
      { type: 'transcript-start', data: { language: 'en' } },
      { type: 'transcript-chunk', data: { text: 'Hello,' } },
    ]);
    expect(session.receive(event('audio-stop')).commands).toEqual([{ type: 'finish' }]);
    expect(session.isFinishing).toBe(true);
    expect([...session.tell(final('')), ...session.tell(final(' Anna.', 1)), ...session.tell(ENDED)]).toEqual([
      { type: 'transcript-chunk', data: { text: ' Anna.' } },
      { type: 'transcript', data: { text: 'Hello, Anna.', language: 'en' } },
      { type: 'transcript-stop', data: {} },
    ]);
    expect(session.isFinishing).toBe(false);

    session.receive(event('audio-start', { ...AUDIO, channels: 2 }));
    const stereo = session.receive(event('audio-chunk', { ...AUDIO, channels: 2 }, Uint8Array.of(2, 0, 4, 0)));
    expect(stereo.commands).toEqual([{ type: 'audio', bytes: Buffer.of(3, 0) }]);
    session.receive(event('audio-stop'));
    expect(session.tell(ENDED).map(({ type }) => type)).toEqual(['transcript-start', 'transcript', 'transcript-stop']);
  });

  it('has an empty transcript of nothing', () => {
    const session = translator();
    session.receive(event('audio-start', AUDIO));
    expect(session.receive(event('audio-stop'))).toEqual({
      commands: [],
      messages: [
        { type: 'transcript-start', data: {} },
        { type: 'transcript', data: { text: '' } },
        { type: 'transcript-stop', data: {} },
      ],
    });
  });

  it('says what went wrong, and gives the text so far', () => {
    const session = translator();
    session.receive(event('audio-start', AUDIO));
    session.tell(final(' Hello'));
    expect(session.tell({ type: 'ended', by: 'failed', heardMs: 0 })).toMatchObject([
      { type: 'error', data: { code: 'transcription_failed' } },
      { type: 'transcript', data: { text: 'Hello' } },
      { type: 'transcript-stop' },
    ]);
  });

  it.each<[string, [string, Record<string, unknown>?, Uint8Array?][], string]>([
    ['audio before it starts', [['audio-chunk', AUDIO]], 'invalid_request'],
    ['a stop before it starts', [['audio-stop']], 'invalid_request'],
    [
      'a start within another',
      [
        ['audio-start', AUDIO],
        ['audio-start', AUDIO],
      ],
      'invalid_request',
    ],
    ['no format', [['audio-start']], 'invalid_parameter'],
    ['a rate that nobody has', [['audio-start', { ...AUDIO, rate: 16_001 }]], 'invalid_parameter'],
    ['samples of a byte', [['audio-start', { ...AUDIO, width: 1 }]], 'invalid_parameter'],
    ['no channel', [['audio-start', { ...AUDIO, channels: 0 }]], 'invalid_parameter'],
    [
      'another rate',
      [
        ['audio-start', AUDIO],
        ['audio-chunk', { ...AUDIO, rate: 8_000 }],
      ],
      'invalid_parameter',
    ],
    [
      'half a sample',
      [
        ['audio-start', AUDIO],
        ['audio-chunk', AUDIO, Uint8Array.of(1)],
      ],
      'invalid_parameter',
    ],
    ['a language nobody speaks', [['transcribe', { language: 'xx' }]], 'invalid_parameter'],
    ['a name that is none', [['transcribe', { name: 3 }]], 'invalid_parameter'],
  ])('%s is refused', (_what, sent, code) => {
    const session = translator();
    expect(() => {
      for (const [type, data, payload] of sent) session.receive(event(type, data, payload));
    }).toThrow(code);
  });
});
