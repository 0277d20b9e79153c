/** Installs missing programs through the system's package manager, after asking where somebody can answer. */
import { describeProgram, find, MANAGERS, missingCompanions, missingPrograms } from './programs.mjs';
import { confirm, isInteractive, runStep, SetupError, say } from './terminal.mjs';

export async function installMissingPrograms({ forTests, yes }) {
  const required = missingPrograms({ forTests });
  if (required.length === 0) return;
  say(`Missing on this machine: ${required.map(describeProgram).join(', ')}.`);
  const manager = managerHere();
  const missing = [...required, ...missingCompanions({ forTests, manager })];
  const packages = packagesFor(manager, missing);
  const command = [...rootPrefix(manager), ...manager.install, ...packages];
  if (isInteractive() && !yes && !(await confirm(`Install ${packages.join(', ')} with \`${command.join(' ')}\`?`))) {
    throw new SetupError(`Nothing was installed. Install it yourself and come back:\n  ${command.join(' ')}`);
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', HOMEBREW_NO_ENV_HINTS: '1' };
  // sudo asks for its password on the terminal itself, not on stdin.
  if (manager.refresh) await runPrivileged(manager, 'Reading the package lists', manager.refresh, env);
  await runPrivileged(manager, `Installing ${packages.join(', ')}`, [...manager.install, ...packages], env);
  const still = missingPrograms({ forTests });
  if (still.length > 0)
    throw new SetupError(`Still missing after the installation: ${still.map(describeProgram).join(', ')}.`);
}

function managerHere() {
  const manager = MANAGERS.find(({ command }) => find(command) !== null);
  if (manager) return manager;
  if (process.platform === 'darwin') {
    throw new SetupError('On macOS they come with Homebrew: install it from brew.sh, then run this again.');
  }
  const known = MANAGERS.map(({ command }) => command).join(', ');
  throw new SetupError(
    `No package manager found that Sotto knows (${known}): install them yourself, then run this again.`,
  );
}

function packagesFor(manager, missing) {
  const names = missing.map((name) => (name in manager.packages ? manager.packages[name] : name));
  if (names.includes(null)) {
    throw new SetupError("Apple's command line tools are missing. Get them with\n  xcode-select --install");
  }
  return [...new Set(names)];
}

function rootPrefix({ asRoot }) {
  if (!asRoot || process.getuid() === 0) return [];
  return isInteractive() ? ['sudo'] : ['sudo', '-n'];
}

async function runPrivileged(manager, title, words, env) {
  const prefix = rootPrefix(manager);
  if (prefix.length > 0 && find('sudo') === null) {
    throw new SetupError(`This takes an administrator, and there is no sudo. As root:\n  ${words.join(' ')}`);
  }
  const [command, ...args] = [
    ...prefix,
    ...(prefix.length > 0 ? ['env', 'DEBIAN_FRONTEND=noninteractive'] : []),
    ...words,
  ];
  await runStep(title, command, args, { env, stdin: 'inherit' });
}
