import type { InstallAttempt } from '@sotto/whisper';

/** What to say of sources that did not work: of a model that came from another one, that this is all that happened. */
export function attemptNotes(attempts: readonly InstallAttempt[]): string[] {
  return attempts.flatMap(({ model, source, problem }) => {
    if (problem === null) return [];
    const instead = attempts.find((other) => other.model === model && other.problem === null);
    if (instead === undefined) return [`${model} could not be installed (${source}): ${problem}`];
    return [`${model} is installed, from ${instead.source}; not from ${source}: ${problem}`];
  });
}
