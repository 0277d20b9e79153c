import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Text of a small kernel file, or null where it does not exist or may not be read. */
export function readKernelFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}

/**
 * Folders of this process's control group, innermost first, up to the root of the hierarchy: a limit set on any of them
 * holds. `controller` null: cgroup v2, which has one hierarchy for all.
 *
 * In a container with its own cgroup namespace the path is `/` and the root folder is the container's own.
 */
export function cgroupFolders(root: string, controller: 'cpu' | 'memory' | null): string[] {
  const lines = (readKernelFile(join(root, 'proc/self/cgroup')) ?? '').split('\n').map((line) => line.split(':'));
  const own = lines.find(([, controllers = '']) =>
    controller === null ? controllers === '' : controllers.split(',').includes(controller),
  );
  const parts = (own?.slice(2).join(':') ?? '/').split('/').filter((part) => part !== '' && part !== '..');
  const base = join(root, 'sys/fs/cgroup', controller ?? '');
  const folders: string[] = [];
  for (let depth = parts.length; depth >= 0; depth -= 1) folders.push(join(base, ...parts.slice(0, depth)));
  return folders;
}
