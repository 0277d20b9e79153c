import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ResponseFormat } from '@sotto/contracts';
import { isNoAnswer, reasonOf } from '../../connection/refusal.ts';
import { type FoundFile, findRecordings } from '../../recordings/find-recordings.ts';
import { resultPath, writeResult } from '../../recordings/result-file.ts';
import type { Destination } from '../../recordings/send-recording.ts';
import { isSourceCode } from '../../recordings/source-code.ts';
import { type RecordingOptions, transcribeRecording } from '../../recordings/transcribe-recording.ts';
import { note } from '../../terminal/output.ts';
import { SettledFiles } from './settled.ts';

export interface FolderWatchOptions {
  folder: string;
  /** Where results go; null: beside their recordings. */
  output: string | null;
  format: ResponseFormat;
  isRecursive: boolean;
  settleMs: number;
  /** Recordings on the way at the same time. */
  atOnce: number;
  recording: RecordingOptions;
}

const LOOK_EVERY_MS = 500;
const SERVICE_PAUSE_MS = 5_000;

/**
 * Looks at a folder until its signal, and transcribes what has come to rest and has no result newer than itself. That
 * rule is all it remembers, so it may be ended and started again at any time. What the service was given before is
 * not done again there either: equal work is joined.
 */
export class FolderWatch {
  readonly #destination: Destination;
  readonly #options: FolderWatchOptions;
  readonly #settled: SettledFiles;
  readonly #waiting: FoundFile[] = [];
  readonly #running = new Set<Promise<void>>();
  #broken: unknown = null;

  constructor(destination: Destination, options: FolderWatchOptions) {
    this.#destination = destination;
    this.#options = options;
    this.#settled = new SettledFiles(options.settleMs);
  }

  /**
   * Resolves when the signal has ended it and nothing is on the way any more.
   * @throws CommandError for a service that refuses everything; the file system's error when the folder is gone
   */
  async run(): Promise<void> {
    const { signal } = this.#options.recording;
    while (!signal.aborted && this.#broken === null) {
      await this.#look();
      this.#begin();
      await pause(LOOK_EVERY_MS, signal);
    }
    await Promise.all(this.#running);
    if (this.#broken !== null) throw this.#broken;
  }

  async #look(): Promise<void> {
    const { folder, isRecursive } = this.#options;
    const settled = this.#settled.look(await findRecordings(folder, isRecursive), performance.now());
    for (const file of settled) if (await this.#isWanted(file)) this.#waiting.push(file);
  }

  async #isWanted(file: FoundFile): Promise<boolean> {
    if (await this.#isDone(file)) return false;
    // A file that is gone by now is reported when it is sent.
    return !(await isSourceCode(join(this.#options.folder, file.path)).catch(() => false));
  }

  #begin(): void {
    while (this.#running.size < this.#options.atOnce) {
      const file = this.#waiting.shift();
      if (file === undefined) return;
      const work: Promise<void> = this.#handle(file).finally(() => this.#running.delete(work));
      this.#running.add(work);
    }
  }

  /** Never rejects: what ends the watch is kept for `run`. */
  async #handle({ path }: FoundFile): Promise<void> {
    const { signal } = this.#options.recording;
    while (!signal.aborted && this.#broken === null) {
      try {
        await this.#transcribe(path);
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!(await this.#isWorthTrying(path, error, signal))) return;
      }
    }
  }

  async #transcribe(path: string): Promise<void> {
    const { folder, format, recording } = this.#options;
    const text = await transcribeRecording(this.#destination, join(folder, path), recording);
    const target = resultPath(path, this.#targetFolder(path), format);
    await writeResult(target, text);
    note(`${path} -> ${target}`);
  }

  /** A service that restarts is waited for; a recording that is refused is not tried again until it changes. */
  async #isWorthTrying(path: string, error: unknown, signal: AbortSignal): Promise<boolean> {
    if (isNoAnswer(error)) {
      note(`${path}: ${error.message}; trying again in ${SERVICE_PAUSE_MS / 1000} s`);
      await pause(SERVICE_PAUSE_MS, signal);
      return true;
    }
    try {
      note(`${path}: ${isGone(error) ? 'is no longer there' : reasonOf(error)}`);
    } catch (fatal) {
      this.#broken = fatal;
    }
    return false;
  }

  async #isDone({ path, modifiedMs }: FoundFile): Promise<boolean> {
    const result = await stat(resultPath(path, this.#targetFolder(path), this.#options.format)).catch(() => null);
    return result !== null && result.mtimeMs >= modifiedMs;
  }

  #targetFolder(path: string): string {
    return join(this.#options.output ?? this.#options.folder, dirname(path));
  }
}

const isGone = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** Ends early, and well, when the signal does. */
const pause = (ms: number, signal: AbortSignal): Promise<void> => delay(ms, undefined, { signal }).catch(() => {});
