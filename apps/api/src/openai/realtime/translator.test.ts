import { describe, expect, it } from '@jest/globals';
import { type LiveEvent, SottoError, type Word } from '@sotto/contracts';
import fc from 'fast-check';
import { parseModelMap } from '../../settings/model-map.ts';
import { RealtimeTranslator } from './translator.ts';

const FACTS = { id: 'sess_1', expiresAtMs: 60_000, models: parseModelMap('my-model=tiny.en'), model: null };

function translator(rest: Partial<ConstructorParameters<typeof RealtimeTranslator>[0]> = {}): RealtimeTranslator {
  let ids = 0;
  return new RealtimeTranslator({ ...FACTS, newId: () => String(++ids).padStart(4, '0'), ...rest });
}

const words = (text: string, fromMs = 0): Word[] =>
  (text.match(/\s*\S+/g) ?? []).map((word, at) => ({
    word,
    startMs: fromMs + 100 * at,
    endMs: fromMs + 100 * (at + 1),
    confidence: 0.25,
  }));

const final = (utterance: number, text: string, isLast = false): LiveEvent => ({
  type: 'final',
  utterance,
  words: words(text),
  language: 'en',
  isLast,
  lagMs: 0,
});

const update = (session: object) => JSON.stringify({ type: 'session.update', event_id: 'mine', session });
const transcription = (input: object, rest: object = {}) =>
  update({ type: 'transcription', audio: { input }, ...rest });
/** So many milliseconds of 24 kHz. */
const append = (ms: number) =>
  JSON.stringify({ type: 'input_audio_buffer.append', audio: Buffer.alloc(ms * 48).toString('base64') });
const COMMIT = JSON.stringify({ type: 'input_audio_buffer.commit', event_id: 'mine' });
const CLEAR = JSON.stringify({ type: 'input_audio_buffer.clear' });

describe('a session', () => {
  it('begins as OpenAI begins one', () => {
    const { commands, messages } = translator().hello();
    expect(commands).toEqual([
      {
        type: 'configure',
        format: { encoding: 'pcm_s16le', sampleRate: 24_000 },
        options: {
          language: null,
          model: null,
          prompt: null,
          endpointing: { threshold: 0.5, prefixMs: 300, silenceMs: 500, patience: 1 },
        },
      },
    ]);
    expect(messages).toMatchObject([
      {
        type: 'session.created',
        event_id: 'event_0001',
        session: {
          id: 'sess_1',
          type: 'transcription',
          expires_at: 60,
          audio: {
            input: {
              format: { type: 'audio/pcm', rate: 24_000 },
              turn_detection: {
                type: 'server_vad',
                threshold: 0.5,
                prefix_padding_ms: 300,
                silence_duration_ms: 500,
              },
            },
          },
        },
      },
    ]);
  });

  it('is set as it is told to, and keeps what is not named', () => {
    const session = translator();
    const first = session.receive(
      transcription({
        format: { type: 'audio/pcm', rate: 16_000 },
        transcription: { model: 'my-model', language: 'en-US', prompt: 'Names', keywords: ['Sotto'] },
      }),
    );
    expect(first.commands).toMatchObject([
      {
        format: { encoding: 'pcm_s16le', sampleRate: 16_000 },
        options: { language: 'en', model: 'tiny.en', prompt: 'Names', keyterms: [{ text: 'Sotto' }] },
      },
    ]);
    const second = session.receive(transcription({ turn_detection: { type: 'semantic_vad', eagerness: 'low' } }));
    expect(second.commands).toMatchObject([
      {
        format: { sampleRate: 16_000 },
        options: { language: 'en', model: 'tiny.en', endpointing: { silenceMs: 1_000, patience: 4 } },
      },
    ]);
    const third = session.receive(transcription({ turn_detection: null, transcription: { language: '' } }));
    expect(third.commands).toMatchObject([{ options: { language: null, endpointing: null } }]);
    expect(third.messages).toMatchObject([
      {
        type: 'session.updated',
        session: { audio: { input: { turn_detection: null, transcription: { prompt: 'Names' } } } },
      },
    ]);
  });

  it.each([
    ['audio/pcmu', 'mulaw'],
    ['audio/pcma', 'alaw'],
  ])('takes %s', (type, encoding) => {
    const { commands } = translator().receive(transcription({ format: { type } }));
    expect(commands).toMatchObject([{ format: { encoding, sampleRate: 8_000 } }]);
  });

  it('is set as before GA, and answers so', () => {
    const session = {
      input_audio_format: 'g711_ulaw',
      input_audio_transcription: { model: 'gpt-4o-transcribe', language: 'de' },
      turn_detection: { type: 'server_vad', silence_duration_ms: 900 },
      include: ['item.input_audio_transcription.logprobs'],
    };
    const text = JSON.stringify({ type: 'transcription_session.update', session });
    const { commands, messages } = translator().receive(text);
    expect(commands).toMatchObject([
      { format: { encoding: 'mulaw' }, options: { language: 'de', model: null, endpointing: { silenceMs: 900 } } },
    ]);
    expect(messages).toMatchObject([
      { type: 'transcription_session.updated', session: { input_audio_format: 'g711_ulaw', include: session.include } },
    ]);
  });

  it.each([
    ['gpt-realtime', null],
    ['gpt-4o-mini-realtime-preview', null],
    ['gpt-realtime-whisper', null],
    ['whisper-1', null],
    ['base', 'base'],
  ])('may be addressed with the model %s', (model, local) => {
    expect(translator({ model }).hello().commands).toMatchObject([{ options: { model: local } }]);
  });

  it('detects the language where several are named', () => {
    const { commands } = translator().receive(transcription({ transcription: { languages: ['en', 'de'] } }));
    expect(commands).toMatchObject([{ options: { language: null } }]);
    const one = translator().receive(transcription({ transcription: { languages: ['de'] } }));
    expect(one.commands).toMatchObject([{ options: { language: 'de' } }]);
  });
});

describe('audio', () => {
  it('is passed on as it is', () => {
    const { commands, messages } = translator().receive(append(10));
    expect(messages).toEqual([]);
    expect(commands).toEqual([{ type: 'audio', bytes: Buffer.alloc(480) }]);
  });

  it.each<[string, string, string]>([
    ['no JSON', '{', 'invalid_request'],
    ['no object', '[1]', 'invalid_request'],
    ['no type', '{}', 'invalid_request'],
    ['an unknown type', '{"type":"response.create","event_id":"mine"}', 'invalid_parameter'],
    ['a name of every object', '{"type":"toString","event_id":"mine"}', 'invalid_parameter'],
    ['no audio', '{"type":"input_audio_buffer.append","event_id":"mine"}', 'invalid_parameter'],
    [
      'audio that is no base64',
      '{"type":"input_audio_buffer.append","event_id":"mine","audio":"%"}',
      'invalid_parameter',
    ],
    ['half a sample', '{"type":"input_audio_buffer.append","event_id":"mine","audio":"AAAA"}', 'invalid_parameter'],
    ['a session that speaks', update({ type: 'realtime' }), 'invalid_parameter'],
    ['a rate that nobody has', transcription({ format: { type: 'audio/pcm', rate: 24_001 } }), 'invalid_parameter'],
    ['a language nobody speaks', transcription({ transcription: { language: 'xx' } }), 'invalid_parameter'],
    [
      'a silence that never ends',
      transcription({ turn_detection: { type: 'server_vad', silence_duration_ms: 1e9 } }),
      'invalid_parameter',
    ],
    ['nothing to commit', COMMIT, 'input_audio_buffer_commit_empty'],
  ])('%s is an error event, and changes nothing', (_what, text, code) => {
    const session = translator();
    const { commands, messages } = session.receive(text);
    expect(commands).toEqual([]);
    const named = text.includes('"mine"') ? 'mine' : null;
    expect(messages).toEqual([
      {
        type: 'error',
        event_id: 'event_0001',
        error: {
          type: 'invalid_request_error',
          code,
          message: expect.stringMatching(/\S/),
          param: code === 'invalid_parameter' ? expect.any(String) : null,
          event_id: named,
        },
      },
    ]);
    expect(session.hello().commands).toEqual(translator().hello().commands);
  });

  it('cannot change its format once there is some', () => {
    const session = translator();
    session.receive(append(200));
    const format = { type: 'audio/pcm', rate: 16_000 };
    expect(session.receive(transcription({ format }))).toMatchObject({
      commands: [],
      messages: [{ type: 'error', error: { event_id: 'mine', message: expect.stringContaining('cannot change') } }],
    });
    expect(session.receive(transcription({ format: { type: 'audio/pcm' } })).commands).toHaveLength(1);
  });

  it('is committed and cleared, where there is some', () => {
    const session = translator();
    expect(session.receive(CLEAR)).toMatchObject({ commands: [], messages: [{ type: 'input_audio_buffer.cleared' }] });
    session.receive(append(99));
    expect(session.receive(COMMIT).messages).toMatchObject([{ type: 'error' }]);
    session.receive(append(1));
    expect(session.receive(COMMIT)).toEqual({ commands: [{ type: 'commit' }], messages: [] });
    expect(session.receive(COMMIT).messages).toMatchObject([{ type: 'error' }]);
    session.receive(append(100));
    expect(session.receive(CLEAR)).toEqual({ commands: [{ type: 'clear' }], messages: [] });
    expect(session.tell({ type: 'cleared', utterance: null, atMs: 200 })).toMatchObject([
      { type: 'input_audio_buffer.cleared' },
    ]);
  });
});

const DELTA = 'conversation.item.input_audio_transcription.delta';
const SEGMENT = 'conversation.item.input_audio_transcription.segment';
const COMPLETED = 'conversation.item.input_audio_transcription.completed';
const FAILED = 'conversation.item.input_audio_transcription.failed';

describe('an utterance', () => {
  it('is told as one item', () => {
    const session = translator();
    session.receive(transcription({}, { include: ['item.input_audio_transcription.logprobs'] }));
    const told = [
      { type: 'speech_started' as const, utterance: 0, atMs: 400 },
      { type: 'partial' as const, utterance: 0, words: words(' Hello you'), lagMs: 0 },
      final(0, ' Hello,'),
      { type: 'speech_stopped' as const, utterance: 0, atMs: 1_900 },
      final(0, ' Anna.', true),
    ].flatMap((event) => session.tell(event));
    const [{ item_id: id } = { item_id: '' }] = told.filter((event) => 'item_id' in event);
    const content = { item_id: id, content_index: 0 };
    const logprobs = (token: string) => [{ token, bytes: [...Buffer.from(token)], logprob: -1.3863 }];
    expect(told.map(({ event_id: _id, ...event }) => event)).toEqual([
      { type: 'input_audio_buffer.speech_started', audio_start_ms: 400, item_id: id },
      { type: DELTA, ...content, delta: 'Hello,', logprobs: logprobs(' Hello,') },
      {
        type: SEGMENT,
        ...content,
        id: expect.stringMatching(/^seg_/),
        start: 0,
        end: 0.1,
        text: 'Hello,',
        speaker: '',
      },
      { type: 'input_audio_buffer.speech_stopped', audio_end_ms: 1_900, item_id: id },
      { type: 'input_audio_buffer.committed', item_id: id, previous_item_id: null },
      { type: DELTA, ...content, delta: ' Anna.', logprobs: logprobs(' Anna.') },
      { type: SEGMENT, ...content, id: expect.stringMatching(/^seg_/), start: 0, end: 0.1, text: 'Anna.', speaker: '' },
      {
        type: COMPLETED,
        ...content,
        transcript: 'Hello, Anna.',
        usage: { type: 'duration', seconds: 1.5 },
        languages: [{ code: 'en' }],
        logprobs: [...logprobs(' Hello,'), ...logprobs(' Anna.')],
      },
    ]);
    expect(new Set(told.map(({ event_id: eventId }) => eventId)).size).toBe(told.length);
  });

  it('that the client ends is committed once, without speech events where it wants none', () => {
    const session = translator();
    session.receive(transcription({ turn_detection: null }));
    session.receive(append(1_000));
    session.receive(COMMIT);
    const told = [
      { type: 'speech_stopped' as const, utterance: 0, atMs: 1_000 },
      { type: 'committed' as const, utterance: 0, atMs: 1_000 },
      final(0, ' Yes.', true),
      { type: 'committed' as const, utterance: null, atMs: 2_000 },
    ].flatMap((event) => session.tell(event));
    expect(told.map(({ type }) => type)).toEqual([
      'input_audio_buffer.committed',
      DELTA,
      SEGMENT,
      COMPLETED,
      'input_audio_buffer.committed',
      COMPLETED,
    ]);
    const [first, , , done, second, silence] = told as { item_id: string }[];
    expect(done).toMatchObject({ usage: { seconds: 1 } });
    expect(second).toMatchObject({ previous_item_id: first?.item_id });
    expect(silence).toMatchObject({ transcript: '', usage: { seconds: 1 }, item_id: second?.item_id });
  });

  it('that never gets its text has failed, and the client learns why', () => {
    const session = translator();
    session.tell({ type: 'speech_started', utterance: 0, atMs: 0 });
    session.tell({ type: 'speech_stopped', utterance: 0, atMs: 500 });
    session.tell({ type: 'speech_started', utterance: 1, atMs: 900 });
    expect(session.tell({ type: 'ended', by: 'failed', heardMs: 1_000 })).toMatchObject([
      { type: FAILED, error: { code: 'transcription_failed', type: 'server_error' } },
      { type: 'error', error: { code: 'transcription_failed' } },
    ]);
    expect(translator().tell({ type: 'ended', by: 'client', heardMs: 0 })).toEqual([]);
    expect(translator().tell({ type: 'ended', by: 'quota', heardMs: 0 })).toMatchObject([
      { error: { code: 'quota_exceeded', type: 'requests' } },
    ]);
    expect(translator().tell({ type: 'ended', by: 'idle', heardMs: 0 })).toMatchObject([
      { error: { code: 'live_session_over' } },
    ]);
  });

  it('is refused in words of the one catalogue', () => {
    const refusal = translator().refusal(new SottoError('live_full', 'Try later.'));
    expect(refusal).toMatchObject({
      type: 'error',
      error: { code: 'live_full', type: 'server_error', event_id: null },
    });
  });
});

/** What a worker may tell of utterances, in an order it may tell it in. */
const sessions = fc.array(
  fc.record({
    finals: fc.array(fc.constantFrom(' one', ' two three', ' four,', '', ' five.'), { minLength: 1, maxLength: 5 }),
    /** The last text comes when the next one has begun. */
    isLate: fc.boolean(),
    isHeard: fc.boolean(),
  }),
  { maxLength: 8 },
);

describe('whatever is said', () => {
  it('deltas only append, make the transcript, and each item ends once, in order', () => {
    fc.assert(
      fc.property(sessions, (utterances) => {
        const session = translator();
        let late: LiveEvent[] = [];
        const events = utterances.flatMap(({ finals, isLate, isHeard }, utterance) => {
          const at = 1_000 * utterance;
          const [last = '', ...before] = [...finals].reverse();
          const begun: LiveEvent[] = isHeard ? [{ type: 'speech_started', utterance, atMs: at }] : [];
          const told = before.reverse().map((text) => final(utterance, text));
          const stopped: LiveEvent[] = [{ type: 'speech_stopped', utterance, atMs: at + 900 }];
          if (!isHeard) stopped.push({ type: 'committed', utterance, atMs: at + 900 });
          const end = final(utterance, last, true);
          const waiting = late;
          late = isLate ? [end] : [];
          return [...begun, ...waiting, ...told, ...stopped, ...(isLate ? [] : [end])];
        });
        const sent = [...events, ...late].flatMap((event) => session.tell(event));
        const texts = new Map<string, string>();
        const committed: string[] = [];
        const completed: string[] = [];
        for (const event of sent) {
          if (event.type === 'input_audio_buffer.committed') {
            expect(event.previous_item_id).toBe(committed.at(-1) ?? null);
            committed.push(event.item_id);
          }
          if (event.type === DELTA) {
            expect(completed).not.toContain(event.item_id);
            texts.set(event.item_id, (texts.get(event.item_id) ?? '') + event.delta);
          }
          if (event.type === COMPLETED) {
            expect(committed).toContain(event.item_id);
            expect(completed).not.toContain(event.item_id);
            expect(event.transcript).toBe(texts.get(event.item_id) ?? '');
            completed.push(event.item_id);
          }
        }
        expect(completed).toHaveLength(utterances.length);
        const said = utterances.map(({ finals }) => finals.join('').trim());
        expect(completed.map((id) => texts.get(id) ?? '')).toEqual(said);
        expect(session.tell({ type: 'ended', by: 'client', heardMs: 0 })).toEqual([]);
      }),
    );
  });
});
