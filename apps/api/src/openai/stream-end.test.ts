import { describe, expect, it } from '@jest/globals';
import { longTranscript } from '@sotto/testkit';
import { joinTexts } from '@sotto/transcript';
import fc from 'fast-check';
import { Deltas } from './deltas.ts';
import { streamEndRenderer, type Unsent } from './stream-end.ts';

const transcript = longTranscript(0.02);
const { segments } = transcript;

/** All that a client reads of a stream of which these segments came while the run went on. */
function streamed(sent: typeof segments, unsent: Unsent, logprobs = false) {
  const deltas = new Deltas(logprobs);
  const before = sent.map((segment) => JSON.parse(JSON.stringify(deltas.add(segment))));
  const end = String(streamEndRenderer.render(transcript, { logprobs, sent: deltas.state, unsent }));
  expect(end).toMatch(/\n\n$/);
  const after = end
    .trim()
    .split('\n\n')
    .map((message) => JSON.parse(message.slice('data: '.length)));
  return [...before, ...after];
}

const textOf = (events: ReturnType<typeof streamed>) => events.map((event) => event.delta ?? '').join('');

describe('the end of a stream', () => {
  it('sends what has not been sent, and all of it at once', () => {
    fc.assert(
      fc.property(fc.nat({ max: segments.length }), fc.boolean(), (count, byPlace) => {
        const unsent = byPlace ? { after: segments[count - 1] ?? null } : { skip: count };
        const events = streamed(segments.slice(0, count), unsent);
        expect(events).toHaveLength(segments.length + 1);
        expect(textOf(events)).toBe(transcript.text);
        expect(events.at(-1)).toMatchObject({ type: 'transcript.text.done', text: transcript.text });
      }),
    );
  });

  it('neither loses nor doubles anything when the whole recording shows that a segment was made up', () => {
    const said = segments.slice(0, 3);
    const atMs = said.at(-1)?.endMs ?? 0;
    const madeUp = { ...longTranscript(0.01, 2).segments[0], startMs: atMs, endMs: atMs } as (typeof segments)[number];
    const events = streamed([...said, madeUp], { after: madeUp });
    expect(events.at(-1).text).toBe(joinTexts([...said, madeUp, ...segments.slice(3)].map(({ text }) => text)));
  });

  it('has the log-probabilities of its deltas', () => {
    const events = streamed(segments.slice(0, 4), { skip: 4 }, true);
    expect(events.slice(0, -1).flatMap(({ logprobs }) => logprobs)).toEqual(events.at(-1).logprobs);
  });
});
