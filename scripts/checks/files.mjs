import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Files of a checkout that git knows or would take up: nothing that was built. Paths from its root. */
export function filesOf(root) {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const paths = execFileSync('git', args, { cwd: root, encoding: 'utf8' }).split('\0').filter(Boolean);
  // A file that was just removed is still in git's index.
  return paths.filter((path) => existsSync(join(root, path)));
}
