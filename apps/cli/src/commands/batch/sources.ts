import { dirname, extname, join, parse } from 'node:path';
import { CommandError, EXIT } from '../../exit-codes.ts';
import { isAddress, nameOfAddress } from '../../recordings/address.ts';
import { findRecordings } from '../../recordings/find-recordings.ts';
import { mustBeReadable } from '../../recordings/readable.ts';

/** One recording of a batch. */
export interface BatchSource {
  /** Path of a file, or the address that the service is to fetch. */
  from: string | URL;
  /** As it was named, for messages. */
  name: string;
  /** 0 for what is fetched. */
  bytes: number;
  /** Of its result, below the folder of results and without an extension. No two are the same. */
  target: string;
}

/**
 * What a command line names: files, whatever they are called, the recordings in folders, and addresses.
 * @throws CommandError when something cannot be read, or a folder has no recordings
 */
export async function sourcesOf(named: readonly string[], isRecursive: boolean): Promise<BatchSource[]> {
  const paths = named.filter((each) => !isAddress(each));
  const files = (about: { isFile(): boolean; isDirectory(): boolean }) =>
    about.isFile() || about.isDirectory() ? null : 'is neither a file nor a folder';
  const found = new Map((await mustBeReadable(paths, files)).map(({ path, about }) => [path, about]));
  const sources: BatchSource[] = [];
  for (const each of named) {
    const about = found.get(each);
    if (about === undefined) sources.push(ofAddress(new URL(each)));
    else if (about.isDirectory()) sources.push(...(await ofFolder(each, isRecursive)));
    else sources.push({ from: each, name: each, bytes: about.size, target: parse(each).name });
  }
  return withOwnTargets(sources);
}

const ofAddress = (from: URL): BatchSource => ({ from, name: from.href, bytes: 0, target: bare(nameOfAddress(from)) });

/** A recording keeps its place in the folder. */
async function ofFolder(folder: string, isRecursive: boolean): Promise<BatchSource[]> {
  const recordings = await findRecordings(folder, isRecursive);
  if (recordings.length === 0) {
    throw new CommandError(`${folder}: there are no recordings in this folder`, EXIT.unreadable);
  }
  return recordings.map(({ path, bytes }) => ({
    from: join(folder, path),
    name: join(folder, path),
    bytes,
    target: join(dirname(path), parse(path).name),
  }));
}

/** `talk.mp3` -> `talk` */
const bare = (name: string): string => name.slice(0, name.length - extname(name).length);

/** `talk`, `talk (2)`, ...: as in a batch's ZIP file, also where only the case of letters differs. */
function withOwnTargets(sources: readonly BatchSource[]): BatchSource[] {
  const taken = new Set<string>();
  return sources.map((source) => {
    let target = source.target;
    for (let count = 2; taken.has(target.toLowerCase()); count += 1) target = `${source.target} (${count})`;
    taken.add(target.toLowerCase());
    return { ...source, target };
  });
}
