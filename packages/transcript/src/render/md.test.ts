import { describe, expect, it } from '@jest/globals';
import { Parser } from 'commonmark';
import fc from 'fast-check';
import { anyTranscript, evenWords, segmentOf, transcriptOf } from '../../test/arbitraries.ts';
import { documentOf } from './document.ts';
import { renderTranscript } from './index.ts';

interface Block {
  type: string;
  text: string;
  /** Kinds of everything inside it but text. */
  markup: string[];
}

/** The blocks of a document as the reference parser sees them. */
function blocksOf(body: string): Block[] {
  const blocks: Block[] = [];
  const walker = new Parser().parse(body).walker();
  for (let event = walker.next(); event !== null; event = walker.next()) {
    const { node, entering } = event;
    if (!entering || node.type === 'document') continue;
    if (node.parent?.type === 'document') blocks.push({ type: node.type, text: '', markup: [] });
    const block = blocks.at(-1);
    if (block === undefined) continue;
    if (node.type === 'text') block.text += node.literal ?? '';
    else if (node.parent?.type !== 'document') block.markup.push(node.type);
  }
  return blocks;
}

const mdOf = (text: string, title?: string) =>
  renderTranscript(transcriptOf([segmentOf(evenWords(text, 65_000, 500))], 70_000), 'md', {
    granularity: 'segment',
    ...(title !== undefined && { title }),
  }).body;

describe('md', () => {
  it('has a heading, what is known of the recording, and paragraphs with their times', () => {
    expect(mdOf(' Hello there.', 'talk.mp3')).toBe(
      '# talk.mp3\n\n*English · 00:01:10 · base*\n\n**00:01:05** Hello there.\n',
    );
  });

  it.each([
    '# no heading',
    '1. no list',
    '*no* _emphasis_ ~~none~~ ***',
    '<script>alert(1)</script> &amp; <https://a.example>',
    '[no](link) ![nor](image) [ref]: x',
    '`no code` ```',
    '| no | table |',
    'a \\* backslash \\',
    '$5 and $6, --- and ===',
    '{#id} !bang',
  ])('shows %j as it is', (text) => {
    const [, block] = blocksOf(mdOf(` ${text}`));
    expect(block).toEqual({ type: 'paragraph', text: `00:01:05 ${text}`, markup: ['strong'] });
  });

  it('reads back, for any transcript and title', () => {
    fc.assert(
      fc.property(anyTranscript, fc.string(), (transcript, title) => {
        const { body } = renderTranscript(transcript, 'md', { granularity: 'segment', title });
        const document = documentOf(transcript, title);
        expect(blocksOf(body)).toEqual([
          ...(document.title === null ? [] : [{ type: 'heading', text: document.title, markup: [] }]),
          { type: 'paragraph', text: document.facts.join(' · '), markup: ['emph'] },
          ...document.paragraphs.map(({ time, text }) => ({
            type: 'paragraph',
            text: `${time} ${text}`,
            markup: ['strong'],
          })),
        ]);
      }),
      { numRuns: 300 },
    );
  });
});
