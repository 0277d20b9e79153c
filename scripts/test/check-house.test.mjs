import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../setup/root.mjs';
import { folderWith } from './temporary-folder.mjs';

const manifest = (name, more = {}) => JSON.stringify({ name: `@sotto/${name}`, exports: './src/index.ts', ...more });

/** A small house in order: api -> queue -> contracts. Links are where pnpm would put them. */
const HOUSE = {
  'apps/api/package.json': manifest('api', { dependencies: { '@sotto/queue': '1' } }),
  'apps/api/src/main.ts': "import '@sotto/queue';\nimport './jobs/list.ts';\n",
  'apps/api/src/jobs/list.ts': "import '../http/answer.ts';\n",
  'apps/api/src/http/answer.ts': 'export type Answer = string;\n',
  'packages/queue/package.json': manifest('queue', { dependencies: { '@sotto/contracts': '1', bullmq: '1' } }),
  'packages/queue/src/index.ts': "import '@sotto/contracts';\nimport 'bullmq';\n",
  'packages/contracts/package.json': manifest('contracts'),
  'packages/contracts/src/index.ts': 'export type Name = string;\n',
};
const LINKS = {
  'apps/api/node_modules/@sotto/queue': 'packages/queue',
  'packages/queue/node_modules/@sotto/contracts': 'packages/contracts',
};
const BULLMQ = {
  'packages/queue/node_modules/bullmq/package.json': JSON.stringify({ name: 'bullmq', main: 'index.js' }),
  'packages/queue/node_modules/bullmq/index.js': '',
};

/** What `pnpm check:house` says of that house with these files added; `links` adds packages to node_modules. */
function faults(files = {}, links = {}) {
  const folder = folderWith({ ...HOUSE, ...BULLMQ, '.gitignore': 'node_modules/\n', ...files });
  for (const [link, target] of Object.entries({ ...LINKS, ...links })) {
    mkdirSync(dirname(join(folder, link)), { recursive: true });
    symlinkSync(join(folder, target), join(folder, link));
  }
  execFileSync('git', ['init', '--quiet'], { cwd: folder });
  const check = spawnSync(process.execPath, [join(root, 'scripts/check-house.mjs'), folder], { encoding: 'utf8' });
  expect(check.status).toBe(check.stderr === '' ? 0 : 1);
  return check.stderr;
}

/** Rule -> a file that breaks it, and what else that takes. */
const FAULTS = {
  'apps-are-on-top': { 'packages/queue/src/up.ts': "import '../../../apps/api/src/main.ts';" },
  'arrows-of-apps/api': { 'apps/api/src/unnamed.ts': "import '../../../packages/contracts/src/index.ts';" },
  'arrows-of-apps/api-tests': { 'apps/api/test/unnamed.ts': "import '../../../packages/contracts/src/index.ts';" },
  'contracts-stand-alone': {
    'packages/contracts/src/up.ts': "import type { Queue } from '../../queue/src/index.ts';",
  },
  'browser-safe': { 'packages/contracts/src/node.ts': "import { readFile } from 'node:fs';" },
  'browser-entry': {
    'packages/client/src/index.ts': "export * from './upload.ts';",
    'packages/client/src/upload.ts': "import './file-source.ts';",
    'packages/client/src/file-source.ts': "import 'node:fs';",
    'packages/client/package.json': manifest('client'),
  },
  'only-queue-knows-bullmq': {
    'apps/api/src/bull.ts': "import '../../../packages/queue/node_modules/bullmq/index.js';",
  },
  'only-the-worker-decodes': {
    'apps/api/src/decode.ts': "import 'fluent-ffmpeg';",
    'apps/api/node_modules/fluent-ffmpeg/index.js': '',
  },
  'the-api-knows-no-engine': {
    'apps/api/src/engine.ts': "import '../../../packages/whisper/src/index.ts';",
    'packages/whisper/src/index.ts': '',
  },
  'no-tests-in-source': {
    'packages/queue/src/tested.ts': "import '../test/some.ts';",
    'packages/queue/test/some.ts': '',
  },
  'no-development-dependency-in-source': {
    'packages/queue/src/tool.ts': "import 'tool';",
    'packages/queue/node_modules/tool/index.js': '',
  },
  found: { 'apps/api/src/lost.ts': "import './gone.ts';" },
  'no-circle-of-files': {
    'apps/api/src/http/one.ts': "export type { Two } from './two.ts';",
    'apps/api/src/http/two.ts': "import type { One } from './one.ts';",
  },
};

describe('pnpm check:house', () => {
  it('has nothing to say of a house in order', () => {
    expect(faults()).toBe('');
  });

  it('says for each rule about imports who breaks it', () => {
    const said = faults(Object.assign({}, ...Object.values(FAULTS)));
    for (const [rule, files] of Object.entries(FAULTS))
      expect(said).toMatch(new RegExp(`^${rule}: .+\\n    ${Object.keys(files)[0]} -> `, 'm'));
  });

  it('names folders that import each other, if only for types and through different files', () => {
    const said = faults({
      'apps/api/src/http/other.ts': "export type { Job } from '../jobs/job.ts';\n",
      'apps/api/src/jobs/job.ts': 'export type Job = 1;\n',
      'apps/api/src/settings.ts': "export type { Answer } from './http/answer.ts';\n",
      'apps/api/src/http/limits.ts': "import '../settings.ts';\n",
    });
    expect(said.trim().split('\n')).toEqual([
      'apps/api/src: http, jobs, settings.ts import each other in a circle.',
      expect.stringMatching(/^ {4}apps.api.src.*->.*/),
      expect.stringMatching(/^ {4}apps.api.src.*->.*/),
      expect.stringMatching(/^ {4}apps.api.src.*->.*/),
      expect.stringMatching(/^ {4}apps.api.src.*->.*/),
    ]);
  });

  it('names folders of native code that include each other', () => {
    const said = faults({
      'packages/whisper/native/whisper/model/model.h': '#include "audio/mel.h"\n#include <vector>\n',
      'packages/whisper/native/whisper/audio/mel.h': '',
      'packages/whisper/native/whisper/audio/transform.cc': '#include "model/weights.h"\n#include "ggml.h"\n',
      'packages/whisper/native/whisper/model/weights.h': '',
    });
    expect(said).toContain('packages/whisper/native/whisper: audio, model import each other in a circle.');
    expect(said).toContain('whisper/audio/transform.cc -> packages/whisper/native/whisper/model/weights.h');
  });

  it('names what has grown too long', () => {
    const most = {
      'packages/queue/src/long.ts': 300,
      'packages/queue/src/lua/long.lua': 300,
      'packages/whisper/native/long.cc': 300,
      'scripts/long.mjs': 300,
      'packages/queue/test/long.test.ts': 400,
    };
    const withLines = (more) =>
      Object.fromEntries(Object.entries(most).map(([path, lines]) => [path, '\n'.repeat(lines + more)]));
    expect(faults(withLines(0))).toBe('');
    const said = faults(withLines(1));
    for (const [path, lines] of Object.entries(most))
      expect(said).toContain(`${path} has ${lines + 1} lines, more than ${lines}`);
  });
});
