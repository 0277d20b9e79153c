#!/usr/bin/env node
/**
 * `node scripts/release-notes.mjs [RANGE]`: notes of a release, in Markdown on stdout, from the conventional commits since
 * the last tag that HEAD's own is not.
 */
import { execFileSync } from 'node:child_process';

/** Type of a commit -> the heading it stands under; others are nothing that users notice. */
const HEADINGS = { breaking: 'Breaking', feat: 'Added', fix: 'Fixed', perf: 'Faster', docs: 'Documentation' };
const SUBJECT = /^(?<type>\w+)(?:\((?<scope>[^)]+)\))?(?<breaking>!)?: (?<what>.+)$/;

const git = (...args) => execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();

/** Since the tag before HEAD's; without one, everything. */
function range() {
  try {
    return `${git('describe', '--tags', '--abbrev=0', '--match', 'v*', 'HEAD^')}..HEAD`;
  } catch {
    return 'HEAD';
  }
}

function entryOf(commit) {
  const [subject, hash, body] = commit.split('\x1f');
  const found = SUBJECT.exec(subject)?.groups;
  if (!found) return null;
  const isBreaking = found.breaking !== undefined || /^BREAKING[ -]CHANGE:/m.test(body);
  const scope = found.scope ? `**${found.scope}**: ` : '';
  return { under: isBreaking ? 'breaking' : found.type, line: `- ${scope}${found.what} (${hash})` };
}

const [asked = range()] = process.argv.slice(2);
const log = git('log', '--no-merges', '--reverse', '--format=%s%x1f%h%x1f%b%x1e', asked);
const entries = log
  .split('\x1e')
  .map((commit) => entryOf(commit.trim()))
  .filter((entry) => entry !== null);
const sections = Object.entries(HEADINGS).map(([type, heading]) => {
  const lines = entries.filter(({ under }) => under === type).map(({ line }) => line);
  return lines.length === 0 ? '' : `## ${heading}\n\n${lines.join('\n')}\n`;
});
process.stdout.write(`${sections.filter(Boolean).join('\n') || 'Nothing that users notice.\n'}`);
