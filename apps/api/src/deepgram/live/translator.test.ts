import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { LiveEvent, Word } from '@sotto/contracts';
import fc from 'fast-check';
import { mixed } from '../../doors/frames.ts';
import { parseParameters } from '../../http/invalid-parameter.ts';
import { parseModelMap } from '../../settings/model-map.ts';
import { liveQuery, liveWishOf } from './live-query.ts';
import { ListenTranslator } from './translator.ts';

const MODELS = parseModelMap('');
const LINEAR = { encoding: 'linear16', sample_rate: '16000' };
const wish = (query: Record<string, string>) => liveWishOf(parseParameters(liveQuery, { ...LINEAR, ...query }), MODELS);
const FACTS = { requestId: 'request', createdAtMs: 0, model: 'base', version: '1.2.3' };
const translator = (query: Record<string, string> = {}) => new ListenTranslator({ ...wish(query), ...FACTS });

const words = (text: string, fromMs: number): Word[] =>
  (text.match(/\s*\S+/g) ?? []).map((word, at) => ({
    word,
    startMs: fromMs + 100 * at,
    endMs: fromMs + 100 * (at + 1),
    confidence: 0.5,
  }));

const final = (utterance: number, text: string, fromMs: number, isLast = false): LiveEvent => ({
  type: 'final',
  utterance,
  words: words(text, fromMs),
  language: 'en',
  isLast,
  lagMs: 0,
});

const audio = (ms: number) => Buffer.alloc(ms * 32);
const say = (type: string) => JSON.stringify({ type });

describe('the query of a live /v1/listen', () => {
  it('sets a session', () => {
    const { format, options, shape, channels } = wish({
      model: 'nova-3',
      language: 'en-US',
      keyterm: 'Sotto',
      endpointing: '300',
      interim_results: 'true',
      utterance_end_ms: '1000',
      vad_events: 'true',
      smart_format: 'true',
    });
    expect(format).toEqual({ encoding: 'pcm_s16le', sampleRate: 16_000 });
    expect(options).toEqual({
      language: 'en',
      model: null,
      prompt: null,
      keyterms: [{ text: 'Sotto' }],
      endpointing: { threshold: 0.5, prefixMs: 300, silenceMs: 300, patience: 1 },
    });
    expect(shape).toMatchObject({
      isPunctuated: true,
      hasInterim: true,
      hasSpeechStarted: true,
      utteranceEndMs: 1_000,
      wording: { numbers: 'digits', disfluencies: false },
    });
    expect(channels).toBe(1);
  });

  it.each([
    [{}, 500],
    [{ endpointing: 'true' }, 500],
    [{ endpointing: '10' }, 200],
    [{ endpointing: '0' }, 200],
    [{ endpointing: '2500' }, 2_500],
  ])('%j ends an utterance after %d ms', (query, silenceMs) => {
    expect(wish(query as Record<string, string>).options.endpointing).toMatchObject({ silenceMs });
  });

  it('ends none by itself with endpointing=false', () => {
    expect(wish({ endpointing: 'false' }).options.endpointing).toBeNull();
  });

  it.each([
    { encoding: 'opus' },
    { encoding: '' },
    { sample_rate: '' },
    { sample_rate: '16001' },
    { channels: '0' },
    { channels: '2', multichannel: 'true' },
    { channels: '2', encoding: 'mulaw', sample_rate: '8000' },
    { endpointing: '-1' },
    { endpointing: '99999' },
    { utterance_end_ms: '10' },
    { diarize: 'true' },
    { diarize_model: 'latest' },
    { detect_language: 'true' },
    { redact: 'pci' },
    { language: 'xx' },
  ])('%j is refused', (query) => {
    expect(() => wish(query as unknown as Record<string, string>)).toThrow('invalid_parameter');
  });
});

describe('what the client sends', () => {
  it('is audio, in whole samples, however it is divided', () => {
    const samples = fc.array(fc.uint8Array({ minLength: 1, maxLength: 9 }), { maxLength: 30 });
    fc.assert(
      fc.property(samples, fc.integer({ min: 1, max: 3 }), (parts, channels) => {
        const session = translator({ channels: String(channels) });
        const commands = parts.flatMap((part) => session.receiveAudio(Buffer.from(part)).commands);
        const sent = Buffer.concat(
          commands.map((command) => (command.type === 'audio' ? command.bytes : Buffer.alloc(0))),
        );
        const all = Buffer.concat(parts);
        const whole = all.subarray(0, all.length - (all.length % (2 * channels)));
        expect(sent).toEqual(channels === 1 ? whole : mixed(whole, channels));
        const metadata = session.tell({ type: 'ended', by: 'client', heardMs: 0 }).at(-1);
        const sha256 = createHash('sha256').update(all).digest('hex');
        expect(metadata).toMatchObject({
          type: 'Metadata',
          channels,
          sha256,
          duration: Math.round(sent.length / 32) / 1_000,
        });
      }),
    );
  });

  it('is mixed of several channels', () => {
    const stereo = Buffer.alloc(8);
    for (const [index, value] of [100, 300, -32_768, -32_768].entries()) stereo.writeInt16LE(value, 2 * index);
    const mono = mixed(stereo, 2);
    expect([mono.readInt16LE(0), mono.readInt16LE(2)]).toEqual([200, -32_768]);
  });

  it('is a control message', () => {
    const session = translator();
    expect(session.hello().commands).toMatchObject([{ type: 'configure', format: { sampleRate: 16_000 } }]);
    session.receiveAudio(audio(100));
    expect(session.receive(say('KeepAlive')).commands).toEqual([{ type: 'touch' }]);
    expect(session.receive(say('Finalize')).commands).toEqual([{ type: 'commit' }]);
    expect(session.receive(say('CloseStream')).commands).toEqual([{ type: 'finish' }]);
    expect(session.receiveAudio(Buffer.alloc(0)).commands).toEqual([{ type: 'finish' }]);
  });

  it.each(['', '{', 'null', '{"type":"Finish"}', '{"audio":"AAAA"}'])('%s is no message', (text) => {
    expect(translator().receive(text)).toMatchObject({
      commands: [],
      messages: [{ type: 'Error', variant: 'SchemaError', description: expect.stringContaining('KeepAlive') }],
    });
  });
});

type Sent = ReturnType<ListenTranslator['tell']>[number];
const brief = (messages: readonly Sent[]) =>
  messages.map((message) => {
    if (message.type !== 'Results') return message;
    const { is_final, speech_final, from_finalize, start, duration, channel } = message;
    return [channel.alternatives[0]?.transcript, start, duration, is_final, speech_final, from_finalize];
  });

describe('an utterance', () => {
  const told = (session: ListenTranslator, ...events: LiveEvent[]) => events.flatMap((event) => session.tell(event));

  it('is told in results that follow each other', () => {
    const session = translator({ interim_results: 'true', vad_events: 'true', punctuate: 'true' });
    const messages = told(
      session,
      { type: 'speech_started', utterance: 0, atMs: 1_000 },
      { type: 'partial', utterance: 0, words: words(' Hello you', 1_200), lagMs: 0 },
      final(0, ' Hello,', 1_200),
      { type: 'partial', utterance: 0, words: words(' Anne', 1_400), lagMs: 0 },
      { type: 'speech_stopped', utterance: 0, atMs: 1_600 },
      final(0, ' Anna.', 1_400, true),
    );
    expect(brief(messages)).toEqual([
      { type: 'SpeechStarted', channel: [0], timestamp: 1 },
      ['Hello you', 1, 0.4, false, false, false],
      ['Hello,', 1, 0.3, true, false, false],
      ['Anne', 1.3, 0.2, false, false, false],
      ['Anna.', 1.3, 0.2, true, true, false],
    ]);
    expect(messages.at(-1)).toMatchObject({
      channel_index: [0, 1],
      channel: {
        alternatives: [
          {
            confidence: 0.5,
            words: [{ word: 'anna', punctuated_word: 'Anna.', start: 1.4, end: 1.5, confidence: 0.5 }],
          },
        ],
      },
      metadata: { request_id: 'request', model_info: { name: 'base', version: '1.2.3', arch: 'whisper' } },
    });
  });

  it('has neither what may change nor speech events, nor filler words, unless they are asked for', () => {
    const messages = told(
      translator(),
      { type: 'speech_started', utterance: 0, atMs: 0 },
      { type: 'partial', utterance: 0, words: words(' Hello', 0), lagMs: 0 },
      final(0, ' Um,', 0),
      final(0, ' twenty five', 100, true),
    );
    expect(brief(messages)).toEqual([['twenty five', 0.1, 0.2, true, true, false]]);
    const smart = told(
      translator({ smart_format: 'true', filler_words: 'true' }),
      final(0, ' Um, twenty five', 0, true),
    );
    expect(brief(smart)).toEqual([['Um, 25', 0, 0.3, true, true, false]]);
  });

  it('answers Finalize, also where there is nothing', () => {
    const session = translator();
    expect(brief(session.receive(say('Finalize')).messages)).toEqual([['', 0, 0, true, false, true]]);
    session.receiveAudio(audio(2_000));
    const messages = told(
      session,
      { type: 'speech_started', utterance: 0, atMs: 0 },
      { type: 'speech_stopped', utterance: 0, atMs: 500 },
      { type: 'committed', utterance: 0, atMs: 500 },
      final(0, ' Yes.', 100, true),
      { type: 'committed', utterance: null, atMs: 1_000 },
    );
    expect(brief(messages)).toEqual([
      ['yes', 0, 0.2, true, true, true],
      ['', 0.2, 0.8, true, false, true],
    ]);
  });

  it('is followed by UtteranceEnd when enough audio says nothing more, once', () => {
    const session = translator({ interim_results: 'true', utterance_end_ms: '1000' });
    told(session, { type: 'speech_started', utterance: 0, atMs: 0 }, final(0, ' Yes', 0, false));
    expect(session.receiveAudio(audio(5_000)).messages).toEqual([]);
    told(session, final(0, ' you.', 4_700, true));
    expect(session.receiveAudio(audio(1_090)).messages).toEqual([]);
    expect(session.receiveAudio(audio(20)).messages).toEqual([
      { type: 'UtteranceEnd', channel: [0, 1], last_word_end: 4.8 },
    ]);
    expect(session.receiveAudio(audio(5_000)).messages).toEqual([]);
  });

  it('is followed by UtteranceEnd where the next one begins late enough, whichever is told first', () => {
    const session = translator({ utterance_end_ms: '1000' });
    session.receiveAudio(audio(10_000));
    const early = told(
      session,
      { type: 'speech_started', utterance: 0, atMs: 0 },
      { type: 'speech_started', utterance: 1, atMs: 2_000 },
      final(0, ' One.', 500, true),
      { type: 'speech_started', utterance: 2, atMs: 3_000 },
      final(1, ' Two.', 2_400, true),
    );
    expect(early.map(({ type }) => type)).toEqual(['Results', 'UtteranceEnd', 'Results']);
    expect(told(session, final(2, ' Three.', 3_200, true)).map(({ type }) => type)).toEqual([
      'Results',
      'UtteranceEnd',
    ]);
  });

  it('that cannot go on is an error, and the connection still ends with Metadata', () => {
    const messages = translator().tell({ type: 'ended', by: 'failed', heardMs: 0 });
    expect(messages).toMatchObject([{ type: 'Error', variant: 'failed' }, { type: 'Metadata' }]);
    const closed = translator().tell({ type: 'ended', by: 'client', heardMs: 0 });
    expect(closed).toMatchObject([{ type: 'Metadata', request_id: 'request', duration: 0, channels: 1 }]);
  });

  it('leaves no final word out and sends none twice, whatever comes', () => {
    const parts = fc.array(fc.constantFrom(' one', ' two three', ''), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 6 }), (utterances) => {
        const session = translator();
        let atMs = 0;
        const messages = utterances.flatMap((texts, utterance) =>
          texts.flatMap((text, at) => {
            const event = final(utterance, text, atMs, at === texts.length - 1);
            atMs += 300;
            return session.tell(event);
          }),
        );
        const results = messages.filter((message) => message.type === 'Results');
        const said = results.map(({ channel }) => channel.alternatives[0]?.transcript).filter((text) => text !== '');
        expect(said.join(' ')).toBe(utterances.flat().join('').trim());
        expect(results.filter(({ speech_final }) => speech_final)).toHaveLength(utterances.length);
        for (const [index, { start }] of results.entries()) {
          const before = results[index - 1];
          expect(start).toBeGreaterThanOrEqual((before?.start ?? 0) + (before?.duration ?? 0) - 1e-9);
        }
      }),
    );
  });
});
