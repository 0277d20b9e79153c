import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWith, type Resource, runCommand } from '@sotto/testkit';
import { type Home, makeHome } from './home.ts';
import { run } from './run.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** What a shell offers for a line that ends in the word being typed. */
const ASK: Record<(typeof SHELLS)[number], string> = {
  bash: `source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sotto; printf '%s\\n' "\${COMPREPLY[@]}"`,
  // Without a terminal there is no completion system: its builtins print what they are given.
  zsh: [
    'compdef() { : }',
    `_describe() { print -l -- "\${(@)entries%%:*}" }`,
    '_files() { [[ "$*" == *-/* ]] && print -l -- *(/N) || print -l -- *(N) }',
    'compadd() { shift; print -l -- "$@" }',
    'source "$1"; shift',
    `words=("$@"); CURRENT=$#; PREFIX="\${words[CURRENT]}"`,
    '_sotto',
  ].join('\n'),
  fish: 'source $argv[1]; complete -C "$argv[2..]" | string replace -r "\\t.*" ""; true',
};

let home: Home;
beforeAll(async () => {
  home = await makeHome();
  await writeFile(join(home.folder, 'talk one.wav'), 'x');
});
afterAll(() => home.remove());

async function installed(shell: string): Promise<Resource<string>> {
  const found = await runCommand('/bin/sh', ['-c', `command -v ${shell}`]);
  return found.code === 0 ? { value: shell } : { skipped: `${shell} is not installed` };
}

for (const shell of SHELLS) {
  describeWith(await installed(shell), `completion in ${shell}`, () => {
    let script: string;
    beforeAll(async () => {
      script = join(home.folder, `completion.${shell}`);
      const { code, stdout } = await run(home, ['completion', shell]);
      expect(code).toBe(0);
      await writeFile(script, `${stdout}\n`);
    });
    afterAll(() => rm(script, { force: true }));

    async function offered(...words: string[]): Promise<string[]> {
      const ask =
        shell === 'fish'
          ? ['--no-config', '-c', ASK.fish]
          : shell === 'zsh'
            ? ['-f', '-c', ASK.zsh, 'zsh']
            : ['-c', ASK.bash, 'bash'];
      const { code, stdout, stderr } = await runCommand(shell, [...ask, script, ...words], { cwd: home.folder });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      const typed = words.at(-1) ?? '';
      const lines = stdout.toString('utf8').split('\n');
      return lines.filter((line) => line !== '' && line.startsWith(typed)).sort();
    }

    it('knows the commands, and those below them', async () => {
      expect(await offered('sotto', '')).toEqual(
        expect.arrayContaining(['completion', 'jobs', 'live', 'transcribe', 'watch']),
      );
      expect(await offered('sotto', 'tr')).toEqual(['transcribe']);
      expect(await offered('sotto', 'jobs', '')).toEqual(['cancel', 'list', 'result', 'show', 'wait']);
    });

    it('knows options and their words', async () => {
      expect(await offered('sotto', 'transcribe', '--la')).toEqual(['--language', '--languages']);
      expect(await offered('sotto', 'jobs', 'list', '--status', 'c')).toEqual(['cancelled', 'completed']);
      expect(await offered('sotto', 'live', '--encoding', '')).toEqual(['alaw', 'mulaw', 'pcm_s16le']);
      expect(await offered('sotto', 'completion', '')).toEqual(['bash', 'fish', 'zsh']);
    });

    it('offers files where one is wanted, and only there', async () => {
      expect(await offered('sotto', 'transcribe', 'talk')).toEqual([expect.stringMatching(/^talk(\\)? one\.wav$/)]);
      expect(await offered('sotto', 'batch', 'talk')).toHaveLength(1);
      expect(await offered('sotto', 'live', 'talk')).toHaveLength(1);
      expect(await offered('sotto', 'jobs', 'show', 'talk')).toEqual([]);
      expect(await offered('sotto', 'watch', 'talk')).toEqual([]);
    });
  });
}

describe('sotto completion', () => {
  it('says which shells it knows', async () => {
    const { code, stderr } = await run(home, ['completion', 'tcsh']);
    expect(code).toBe(2);
    expect(stderr).toContain('Allowed choices are bash, zsh, fish.');
  });
});
