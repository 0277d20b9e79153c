/** The table that `pnpm test:images` leaves in docs/images.md, between two comments. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../setup/root.mjs';

const PAGE = join(root, 'docs/images.md');

/** @param {{ images: object[], checks: [string, string][], machine: string }} report */
export function writeReport({ images, checks, machine }) {
  const lines = [
    `${machine}.`,
    '',
    '| image | size | limit | uid | ffmpeg | entries of the SBOM | problems |',
    '|---|---|---|---|---|---|---|',
    ...images.map(
      ({ name, megabytes, maxMegabytes, uid, ffmpegs, components, problems }) =>
        `| \`${name}\` | ${megabytes} MB | ${maxMegabytes} MB | ${uid} | ${ffmpegs || 'none'} | ${components} | ${problems.join('; ') || 'none'} |`,
    ),
    '',
    '| check | outcome |',
    '|---|---|',
    ...checks.map(([what, outcome]) => `| ${what} | ${outcome} |`),
  ];
  const page = readFileSync(PAGE, 'utf8');
  const report = `<!-- report -->\n\n${lines.join('\n')}\n\n<!-- /report -->`;
  writeFileSync(
    PAGE,
    page.replace(/<!-- report -->.*<!-- \/report -->/s, () => report),
  );
}
