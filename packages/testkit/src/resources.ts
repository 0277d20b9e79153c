import type * as Jest from '@jest/globals';

/** Something a suite needs that not every machine can have; `skipped` says why it is not there. */
export type Resource<T> = { value: T } | { skipped: string };

/**
 * `describe` for a suite that needs a resource. Where it cannot be had, one skipped test shows the reason.
 *
 *     const tinyEn = await tinyEnModelDir();
 *     describeWith(tinyEn, 'real speech', (modelDir) => { it(...) });
 */
export function describeWith<T>(resource: Resource<T>, name: string, suite: (value: T) => void): void {
  // Jest's globals, not an import: benchmarks use the rest of the testkit outside of jest.
  const { describe, it } = globalThis as unknown as typeof Jest;
  if ('value' in resource) {
    describe(name, () => suite(resource.value));
    return;
  }
  describe.skip(name, () => {
    it(`skipped: ${resource.skipped}`, () => {
      throw new Error('A skipped suite has run.');
    });
  });
}
