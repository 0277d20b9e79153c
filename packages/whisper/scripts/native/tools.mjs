/** The tools a build needs, and how to get each. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export class MissingToolError extends Error {}

const PACKAGES = {
  apt: { cmake: 'cmake', compiler: 'g++', make: 'make' },
  dnf: { cmake: 'cmake', compiler: 'gcc-c++', make: 'make' },
  apk: { cmake: 'cmake', compiler: 'g++', make: 'make' },
  pacman: { cmake: 'cmake', compiler: 'gcc', make: 'make' },
  zypper: { cmake: 'cmake', compiler: 'gcc-c++', make: 'make' },
};
const INSTALL = {
  apt: 'apt-get install',
  dnf: 'dnf install',
  apk: 'apk add',
  pacman: 'pacman -S',
  zypper: 'zypper install',
};
const MANAGERS = { apt: 'apt-get', dnf: 'dnf', apk: 'apk', pacman: 'pacman', zypper: 'zypper' };

function howToGet(tool) {
  if (process.platform === 'darwin') return tool === 'cmake' ? 'brew install cmake' : 'xcode-select --install';
  if (process.platform === 'win32') return 'use Docker or WSL: the engine is not built on Windows itself';
  const manager = Object.keys(MANAGERS).find((name) =>
    ['/usr/bin', '/bin', '/sbin', '/usr/sbin'].some((dir) => existsSync(`${dir}/${MANAGERS[name]}`)),
  );
  if (manager === undefined) return `install ${tool} with your system's package manager`;
  return `${process.getuid?.() === 0 ? '' : 'sudo '}${INSTALL[manager]} ${PACKAGES[manager][tool]}`;
}

function probe(candidates) {
  for (const path of candidates.filter(Boolean)) {
    const [program, ...args] = path.split(' ');
    const done = spawnSync(program, [...args, '--version'], { encoding: 'utf8' });
    if (done.status === 0) return { path, version: done.stdout.split('\n')[0] ?? '' };
  }
  return null;
}

function need(tool, what, candidates) {
  const found = probe(candidates);
  if (found !== null) return found;
  throw new MissingToolError(
    `${what} is missing, and the speech engine is compiled on this machine. Get it with:\n  ${howToGet(tool)}`,
  );
}

export function findTools(env) {
  const tools = {
    cmake: need('cmake', 'CMake (cmake)', ['cmake']),
    compiler: need('compiler', 'A C++ compiler (g++ or clang++)', [env.CXX, 'c++', 'g++', 'clang++']),
    ninja: probe(['ninja']),
  };
  if (tools.ninja === null) need('make', 'Make (make)', ['make', 'gmake']);
  return tools;
}
