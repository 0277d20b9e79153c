#!/usr/bin/env node
/**
 * `pnpm --recursive licenses list --prod --json | node scripts/check-licences.mjs`: fails when something that images contain has a
 * licence that asks more of whoever passes it on than to be named. With the path of a `licences.md` it looks at what that
 * bundle is made of instead.
 */
import { readFileSync } from 'node:fs';

const ALLOWED = new Set(
  'MIT MIT-0 ISC 0BSD BSD-2-Clause BSD-3-Clause Apache-2.0 BlueOak-1.0.0 CC0-1.0 CC-BY-4.0 Unlicense Python-2.0 Zlib'.split(
    ' ',
  ),
);
/** Package -> why its licence is no obstacle. */
const LOOKED_AT = {
  'url-template': 'its BSD has three clauses',
  '@ffmpeg-installer/linux-x64': 'a program that is started, not linked; images leave it out',
  '@ffmpeg-installer/linux-arm64': 'a program that is started, not linked; images leave it out',
  '@ffmpeg-installer/darwin-x64': 'a program that is started, not linked; images leave it out',
  '@ffmpeg-installer/darwin-arm64': 'a program that is started, not linked; images leave it out',
  '@ffmpeg-installer/ffmpeg': 'a program that is started, not linked; images leave it out',
};

/** `(MIT OR GPL-2.0)` is a choice; `MIT AND Zlib` asks for both. */
function isAllowed(licence) {
  const words = licence.replace(/[()]/g, '').trim();
  if (words.includes(' OR ')) return words.split(' OR ').some(isAllowed);
  return words.split(' AND ').every((word) => ALLOWED.has(word.trim()));
}

/** What pnpm lists. */
function ofList(text) {
  return Object.entries(JSON.parse(text)).flatMap(([licence, those]) => those.map(({ name }) => ({ licence, name })));
}

/** What vite writes: a heading for each package, `## react - 19.3.1 (MIT)`. */
function ofBundle(text) {
  return [...text.matchAll(/^## (\S+) - \S+ \((.+)\)$/gm)].map(([, name, licence]) => ({ licence, name }));
}

const [bundle] = process.argv.slice(2);
const packages = bundle === undefined ? ofList(readFileSync(0, 'utf8')) : ofBundle(readFileSync(bundle, 'utf8'));
const refused = packages.filter(({ licence, name }) => !isAllowed(licence) && !(name in LOOKED_AT));
for (const { licence, name } of refused) process.stderr.write(`${name}: ${licence}\n`);
process.stdout.write(`${packages.length} packages, ${refused.length} with a licence to look at\n`);
// None at all: the list is not what it should be.
process.exitCode = refused.length === 0 && packages.length > 0 ? 0 : 1;
