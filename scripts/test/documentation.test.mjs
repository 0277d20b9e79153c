import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../setup/root.mjs';

const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
const PAGES = ['README.md', 'CONTRIBUTING.md', 'packages/client/README.md', ...docs.map((name) => `docs/${name}`)];

const textOf = (page) => readFileSync(join(root, page), 'utf8');
/** Without code blocks: what stands in them is no link. */
const proseOf = (page) => textOf(page).replace(/^```.*?^```/gms, '');

/** As GitHub makes them of headings. */
function anchorsOf(page) {
  const headings = [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function brokenLinks(page) {
  const targets = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target) && !leadsSomewhere(page, target));
}

function leadsSomewhere(page, target) {
  const [path, anchor] = target.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(root, file))) return false;
  return anchor === undefined || !file.endsWith('.md') || anchorsOf(file).includes(anchor);
}

/** Paths of this repository that are named in the text, as code. */
function missingPaths(page) {
  const named = [...proseOf(page).matchAll(/`((?:apps|packages|bench|scripts|docs)\/[^`\s*]+)`/g)].map(
    ([, path]) => path,
  );
  return named.filter((path) => !existsSync(join(root, path)));
}

describe.each(PAGES)('%s', (page) => {
  it('has links that lead somewhere, and names files that exist', () => {
    expect({ links: brokenLinks(page), paths: missingPaths(page) }).toEqual({ links: [], paths: [] });
  });
});

describe('docs/CLOUD.md', () => {
  it('reckons with the speeds of bench/RESULTS.md', () => {
    const results = textOf('bench/RESULTS.md');
    const measured = ['greedy', 'beam 5'].map((search) => {
      const [row] = results.match(new RegExp(`^\\| ${search} \\| Sotto, upload to transcript \\|.*$`, 'm'));
      return row.split(' | ')[3];
    });
    const rows = textOf('docs/CLOUD.md').match(/^\| (?:greedy|five beams).*$/gm);
    const reckoned = measured.map((rtfx) => [
      rtfx,
      `${Math.round(3600 / Number(rtfx))} s`,
      (0.1 / Number(rtfx)).toFixed(4),
      `${Number(rtfx) * 10} h |`,
    ]);
    expect(rows.map((row) => row.split(' | ').slice(1))).toEqual(reckoned);
  });
});

describe('where things are decided', () => {
  const [, section = ''] = /^## Where things are decided\n(.*?)^## /ms.exec(textOf('docs/architecture.md')) ?? [];
  const rows = section.split('\n').filter((line) => line.startsWith('| ') && line.includes(']('));
  const fileOf = (question) => rows.find((row) => row.includes(question)) ?? '';

  it.each([
    ['a failed job tried again', /\/retry\.ts\)/],
    ['When was a word said', /\/word-times\.ts\)/],
    ['Which lane', /\/lane\.ts\)/],
    ['quota', /\/quota\.lua\)/],
    ['signed', /\/signature\.ts\)/],
    ['cut into windows', /\/windows\.ts\)/],
    ['Redis is unavailable', /\/redis\/connection\.ts\)/],
    ['Which errors are there', /\/errors\.ts\)/],
    ['captions', /\/captions\/cues\.ts\)/],
    ['slots', /\/slot_memory\.cc\)/],
  ])('"%s" is answered by a file of that name', (question, file) => {
    expect(fileOf(question)).toMatch(file);
  });
});
