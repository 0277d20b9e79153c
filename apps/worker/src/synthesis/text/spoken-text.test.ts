import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { MarkupFormat } from '@sotto/contracts';
import { scriptOf } from './script-of.ts';

const PAGE = readFileSync(new URL('../../../../../docs/spoken-text.md', import.meta.url), 'utf8');

/** The cells of the table after the comment of this name. */
function rowsOf(name: string): string[][] {
  const [, table = ''] = new RegExp(`<!-- ${name} -->\n\n((?:\\|.*\n)+)`).exec(PAGE) ?? [];
  const rows = table.trim().split('\n').slice(2);
  return rows.map((row) => row.slice(2, -2).split(' | '));
}

const said = (text: string, format: MarkupFormat, language: string): string =>
  scriptOf(text, { format, language })
    .utterances.map(({ spoken }) => spoken)
    .join(' / ');

describe('docs/spoken-text.md', () => {
  it.each(rowsOf('spoken'))('%s: %s', (language, written = '', spoken) => {
    expect(said(written, 'text', language ?? 'en')).toBe(spoken);
  });

  it.each(rowsOf('ssml'))('%s', (markup = '', spoken) => {
    expect(said(`<speak>${markup.slice(1, -1)}</speak>`, 'ssml', 'en')).toBe(spoken);
  });

  it('has its examples', () => {
    expect(rowsOf('spoken').length).toBeGreaterThan(20);
    expect(rowsOf('ssml').length).toBeGreaterThan(10);
  });
});
