import { describe, expect, it } from '@jest/globals';
import { SottoError } from '@sotto/contracts';
import fc from 'fast-check';
import { scriptOf } from '../../script-of.ts';

const read = (text: string) => scriptOf(text, { format: 'markdown', language: 'en' });
const said = (text: string) => read(text).utterances.map((one) => one.spoken);

describe('Markdown', () => {
  it('has chapters by its headings', () => {
    const script = read('# One\n\nFirst *text*.\n\n## Two\n\nMore.\n\n### Three\n\nEnd.');
    expect(script.chapters).toEqual([
      { title: 'One', utterance: 0 },
      { title: 'Two', utterance: 2 },
    ]);
    expect(script.utterances.map((one) => [one.spoken, one.pauseMs])).toEqual([
      ['One', 600],
      ['First text.', 1000],
      ['Two', 600],
      ['More.', 1000],
      ['Three', 600],
      ['End.', 0],
    ]);
  });

  it('reads lists, quotes, links and pictures as people do', () => {
    expect(
      said('- eggs\n- **milk**\n\n1. one\n2. two\n\n> A quote.\n\n[a link](http://x.y) and ![a picture](z.png).'),
    ).toEqual(['eggs', 'milk', 'one: one', 'two: two', 'A quote.', 'a link and a picture.']);
  });

  it('reads tables by rows', () => {
    expect(said('| Name | Age |\n|---|---|\n| Ann | 5 |\n| Bob | |')).toEqual(['Name: Ann, Age: five', 'Name: Bob']);
  });

  it('leaves out code, HTML and front matter', () => {
    const script = read('---\ntitle: x\n---\nUse `npm start`.\n\n```\nrm -rf\n```\n\n<div>no</div>\n\nEnd<br>here.');
    expect(script.utterances.map((one) => one.spoken)).toEqual(['Use npm start.', 'Endhere.']);
    expect(script.warnings).toEqual([{ code: 'code_not_read', detail: 'Blocks of code are not read.' }]);
  });

  it.each([
    '>'.repeat(1000),
    '- '.repeat(1000),
    '*a_'.repeat(1e5),
    '!['.repeat(1e5),
    '`'.repeat(1e5),
    'a\n=\n'.repeat(2000),
  ])('refuses what would take long to parse (%#)', (text) => {
    expect(() => read(`a\n\n${text}`)).toThrow(SottoError);
  });

  it('holds long lists, and as many underlined headings as a book has', () => {
    expect(read('Title\n---\nText.\n\n'.repeat(200)).chapters).toHaveLength(200);
    expect(said('* an *item*\n'.repeat(1500))).toHaveLength(1500);
  });

  it('reads any text, or says that there is nothing', () => {
    const bits = fc.constantFrom(
      '# ',
      'a',
      '\n',
      '\n\n',
      '- ',
      '1. ',
      '> ',
      '*',
      '_',
      '`',
      '[',
      '](',
      ')',
      '|',
      '|-|\n',
      '<',
      '&amp;',
      '    ',
    );
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 40 }), (parts) => {
        expect(read(`word\n\n${parts.join('')}`).utterances[0]?.spoken).toMatch(/^word/);
      }),
    );
  });
});
