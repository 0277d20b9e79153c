import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { render } from '../k8s/render.mjs';
import { helm } from '../k8s/tools.mjs';
import { find } from '../setup/programs.mjs';
import { root, workspace } from '../setup/root.mjs';
import { folderWith, write } from './temporary-folder.mjs';

const workflows = readdirSync(join(root, '.github/workflows'));
const read = (path) => readFileSync(join(root, path), 'utf8');
const workflow = (name) => parse(read(`.github/workflows/${name}`));
const jobsOf = (name) => Object.entries(workflow(name).jobs);
const actionlint = find('actionlint');
const helmHere = helm({ quick: true });

describe.each(workflows)('.github/workflows/%s', (name) => {
  it('may do no more than it says, and not for ever', () => {
    expect(workflow(name).permissions).toBeDefined();
    for (const [job, { uses, 'timeout-minutes': minutes }] of jobsOf(name)) {
      expect([job, uses !== undefined || minutes > 0]).toEqual([job, true]);
    }
  });

  it('runs commands and files that exist', () => {
    const commands = jobsOf(name).flatMap(([, { steps = [] }]) => steps.flatMap(({ run = '' }) => run.split('\n')));
    const scripts = commands.flatMap((command) => [...command.matchAll(/\bpnpm (?:run )?([a-z]+(?::[a-z0-9]+)?)\b/g)]);
    const own = scripts
      .map(([, script]) => script)
      .filter((script) => !['install', 'audit', 'licenses'].includes(script));
    expect(own.filter((script) => workspace.scripts[script] === undefined)).toEqual([]);
    const files = commands.flatMap((command) => command.match(/\bscripts\/[\w./-]+/g) ?? []);
    expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
    const used = jobsOf(name).flatMap(([, { uses = '' }]) => (uses.startsWith('./') ? [uses] : []));
    expect(used.filter((file) => !existsSync(join(root, file)))).toEqual([]);
  });
});

const withActionlint = actionlint === null ? it.skip : it;
withActionlint('actionlint finds no fault in the workflows (not run: no actionlint here)', () => {
  execFileSync(
    actionlint,
    workflows.map((name) => join(root, '.github/workflows', name)),
    { stdio: 'pipe' },
  );
});

it('other files of the repository for people and machines can be read', () => {
  expect(parse(read('.github/dependabot.yml')).updates.map((each) => each['package-ecosystem'])).toContain('npm');
  for (const form of ['bug.yml', 'idea.yml']) {
    const { body } = parse(read(`.github/ISSUE_TEMPLATE/${form}`));
    expect(body.every(({ attributes }) => attributes.label)).toBe(true);
  }
  const container = JSON.parse(read('.devcontainer/devcontainer.json'));
  expect(container.postCreateCommand).toContain('core.hooksPath .githooks');
});

/** A repository with these commits, oldest first; `v1.0.0` names a tag. */
function repository(...commits) {
  const folder = folderWith({});
  const git = (...args) =>
    execFileSync('git', ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.org', ...args], {
      cwd: folder,
    });
  git('init', '--quiet');
  for (const commit of commits) {
    if (/^v\d/.test(commit)) git('tag', commit);
    else git('commit', '--quiet', '--allow-empty', '--message', commit);
  }
  return folder;
}

describe('release notes', () => {
  const notes = (folder) =>
    execFileSync(process.execPath, [join(root, 'scripts/release-notes.mjs')], { cwd: folder, encoding: 'utf8' });

  it('are made of the commits since the last release, by what they are', () => {
    const folder = repository(
      'feat(api): old',
      'v1.0.0',
      'feat(api): new',
      'fix: mended',
      'test: of nobody else',
      'chore!: other names',
      'perf(whisper): quicker\n\nBREAKING CHANGE: another file',
      'v1.1.0',
    );
    const lines = notes(folder).replaceAll(/ \([0-9a-f]+\)$/gm, '');
    expect(lines).toBe(
      '## Breaking\n\n- other names\n- **whisper**: quicker\n\n## Added\n\n- **api**: new\n\n## Fixed\n\n- mended\n',
    );
  });

  it('begin with the first commit where there was no release', () => {
    expect(notes(repository('feat: first'))).toMatch(/^## Added\n\n- first \(/);
    expect(notes(repository('test: something'))).toBe('Nothing that users notice.\n');
  });
});

describe('hooks', () => {
  const says = (message) => {
    const folder = folderWith({ message });
    return spawnSync(join(root, '.githooks/commit-msg'), [join(folder, 'message')]).status;
  };

  it('can be run', () => {
    for (const hook of readdirSync(join(root, '.githooks'))) {
      expect(statSync(join(root, '.githooks', hook)).mode & 0o111).toBe(0o111);
    }
  });

  it.each([
    'feat(api): something',
    'fix(queue,worker): both',
    'refactor!: names',
    'Revert "feat: x"',
    'docs: a\n\nwhy',
  ])('take %j', (message) => expect(says(message)).toBe(0));

  it.each(['something', 'Feat: x', 'feat:x', 'feat(API): x', 'feat: '])('refuse %j', (message) =>
    expect(says(message)).toBe(1),
  );

  it('look at what is staged, and at nothing else', () => {
    const folder = repository('feat: first');
    const commit = (files) => {
      write(folder, files);
      execFileSync('git', ['add', '.'], { cwd: folder });
      const hook = join(root, '.githooks/pre-commit');
      return spawnSync(hook, { cwd: folder, encoding: 'utf8' }).status;
    };
    write(folder, {
      'biome.json': JSON.stringify({ vcs: { enabled: true, clientKind: 'git' } }),
      'node_modules/.bin/biome': `#!/bin/sh\nexec '${join(root, 'node_modules/.bin/biome')}' "$@"\n`,
      '.gitignore': 'node_modules/\n',
    });
    execFileSync('chmod', ['+x', join(folder, 'node_modules/.bin/biome')]);
    expect(commit({ 'biome.json': `${JSON.stringify({ vcs: { enabled: true, clientKind: 'git' } })}\n` })).toBe(1);
    expect(commit({ 'biome.json': '{ "vcs": { "enabled": true, "clientKind": "git" } }\n' })).toBe(0);
  });
});

describe('licences', () => {
  const check = (licences) =>
    spawnSync(process.execPath, [join(root, 'scripts/check-licences.mjs')], {
      input: JSON.stringify(licences),
      encoding: 'utf8',
    });

  it('that only want to be named are fine, and so is the choice of one', () => {
    expect(check({ MIT: [{ name: 'a' }], '(GPL-3.0 OR Apache-2.0)': [{ name: 'b' }] }).status).toBe(0);
  });

  it.each([
    ['one that asks for more', { 'AGPL-3.0': [{ name: 'a' }] }, /a: AGPL-3.0/],
    ['two of which one does', { '(MIT AND GPL-2.0)': [{ name: 'b' }] }, /b: /],
    ['an unknown one', { Unknown: [{ name: 'c' }] }, /c: Unknown/],
    ['an empty list', {}, /^$/],
  ])('%s is not', (_what, licences, told) => {
    const { status, stderr } = check(licences);
    expect([status, stderr]).toEqual([1, expect.stringMatching(told)]);
  });

  it('of a bundle are read from what vite writes', () => {
    const bundled = (licence) => {
      const folder = folderWith({ 'licences.md': `# Licenses\n\n## @a/b - 1.2.3 (${licence})\n\nThe text\n` });
      return spawnSync(process.execPath, [join(root, 'scripts/check-licences.mjs'), join(folder, 'licences.md')])
        .status;
    };
    expect([bundled('MIT'), bundled('GPL-3.0')]).toEqual([0, 1]);
  });
});

describe('scripts/deploy.sh', () => {
  const deploy = (...words) =>
    spawnSync(join(root, 'scripts/deploy.sh'), words, {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, DRY_RUN: '1' },
    });
  const commands = (...words) =>
    deploy(...words)
      .stdout.trim()
      .split('\n');

  it('keeps the first release until the second one is ready, and can go back', () => {
    const [install, lead] = commands('blue-green', 'prod', '1.2.3');
    expect(install).toMatch(/^helm upgrade --install next .*image.tag=1.2.3.* --atomic --wait/);
    expect(lead).toMatch(/^helm upgrade sotto .*ingress.service=next-sotto-api,ingress.webService=next-sotto-web/);
    expect(commands('undo', 'prod', '1.2.3')).toEqual([
      expect.stringMatching(/--set ingress.service=,ingress.webService= --wait$/),
      expect.stringMatching(/^helm uninstall next/),
    ]);
    expect(commands('promote', 'prod', '1.2.3')).toHaveLength(2);
  });

  it('refuses what it does not know', () => {
    expect(deploy('sideways', 'prod', '1.2.3').status).toBe(2);
    expect(deploy('rolling', 'moon', '1.2.3').status).toBe(2);
  });

  const withHelm = helmHere === null ? it.skip : it;
  withHelm('a canary shares Redis and volumes, and gets its part of the requests (not run without helm)', () => {
    const [install] = commands('canary', 'prod', '1.2.3');
    const words = install.split(' ');
    const valuesOf = (option) => words.flatMap((word, i) => (word === option ? [words[i + 1]] : []));
    const text = render(helmHere, {
      release: 'next',
      values: valuesOf('--values'),
      set: valuesOf('--set'),
      setString: valuesOf('--set-string'),
    });
    expect(text).toContain('sotto-api:1.2.3');
    expect(text).toContain('nginx.ingress.kubernetes.io/canary-weight: "10"');
    expect(text).toContain('redis+sentinel://sotto-redis-0.sotto-redis:26379,');
    expect(text).not.toContain('kind: StatefulSet');
    expect(text).not.toContain('kind: PersistentVolumeClaim');
    expect(text).toContain('claimName: sotto-recordings');
  });
});
