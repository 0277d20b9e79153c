/**
 * One coverage report from two measurements: jest's own (in-process, V8) and that of the processes which tests spawn,
 * each of which leaves raw V8 coverage in a folder when it ends (NODE_V8_COVERAGE). A killed process leaves none.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mergeProcessCovs } from '@bcoe/v8-coverage';
import coverage from 'istanbul-lib-coverage';
import report from 'istanbul-lib-report';
import reports from 'istanbul-reports';
import v8ToIstanbul from 'v8-to-istanbul';

const MERGED_AT_ONCE = 20;

/**
 * @param {{ root: string, jestReport: string, rawFolder: string, folder: string }} from paths; `folder` gets html and lcov
 * @returns percentage of covered lines
 */
export async function reportCoverage({ root, jestReport, rawFolder, folder }) {
  const map = coverage.createCoverageMap(JSON.parse(readFileSync(jestReport, 'utf8')));
  for (const script of mergedScripts(root, rawFolder)) map.merge(await toIstanbul(script));
  map.filter((path) => isOurs(root, path) && !isTypesOnly(path));
  const context = report.createContext({ dir: folder, coverageMap: map });
  for (const kind of ['text', 'text-summary', 'lcov', 'html-spa'])
    reports.create(kind, { skipFull: true }).execute(context);
  return map.getCoverageSummary().lines.pct;
}

/** Counts of all processes, added up per script; only what was built from our sources. */
function mergedScripts(root, rawFolder) {
  const files = existsSync(rawFolder) ? readdirSync(rawFolder).filter((name) => name.endsWith('.json')) : [];
  let merged = { result: [] };
  for (let at = 0; at < files.length; at += MERGED_AT_ONCE) {
    const batch = files.slice(at, at + MERGED_AT_ONCE).map((name) => readOurs(root, join(rawFolder, name)));
    merged = mergeProcessCovs([merged, ...batch]);
  }
  return merged.result;
}

function readOurs(root, file) {
  const { result } = JSON.parse(readFileSync(file, 'utf8'));
  return { result: result.filter(({ url }) => url.startsWith('file://') && isBuilt(root, fileURLToPath(url))) };
}

const isBuilt = (root, path) => /^(apps|packages)\/[^/]+\/dist\//.test(relative(root, path).split(sep).join('/'));

const isOurs = (root, path) =>
  /^(apps|packages)\/(?!testkit\/)[^/]+\/src\/.*(?<!\.test)\.ts$/.test(relative(root, path).split(sep).join('/'));

/** `dist/x.js` with its map becomes counts for `src/x.ts`. */
async function toIstanbul({ url, functions }) {
  const converter = v8ToIstanbul(fileURLToPath(url));
  await converter.load();
  converter.applyCoverage(functions);
  return converter.toIstanbul();
}

/** A file of nothing but types is never loaded: it has no line that could run. */
function isTypesOnly(source) {
  const built = source.replace(`${sep}src${sep}`, `${sep}dist${sep}`).replace(/\.ts$/, '.js');
  return existsSync(built) && /^export \{\};?\s*(\/\/# sourceMappingURL.*)?\s*$/.test(readFileSync(built, 'utf8'));
}
