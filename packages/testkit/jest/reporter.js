import { DefaultReporter, SummaryReporter } from '@jest/reporters';

/**
 * Jest's own output, and as the last line of all, alone, what a script wants to know: `N passed, N failed` (and
 * `, N skipped` when some were). A test file that could not run at all counts as one failure.
 */
export default class TotalsReporter extends DefaultReporter {
  constructor(globalConfig, ...rest) {
    super(globalConfig);
    this.summary = new SummaryReporter(globalConfig, ...rest);
  }

  onRunStart(results, options) {
    super.onRunStart(results, options);
    this.summary.onRunStart(results, options);
  }

  async onRunComplete(contexts, results) {
    super.onRunComplete(contexts, results);
    await this.summary.onRunComplete(contexts, results);
    // Whoever asks for some tests by name does not want the others listed.
    if (!this._globalConfig.testNamePattern) listSkipped(results);
    const failed = results.numFailedTests + brokenFiles(results);
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    // After everything that jest itself still has to say.
    process.on('exit', () => process.stdout.write(`${line}\n`));
  }
}

/** Files that failed outside of any test: an import that broke, a process left behind. */
function brokenFiles(results) {
  return results.testResults.filter(({ testExecError, numFailingTests }) => testExecError && numFailingTests === 0)
    .length;
}

function listSkipped(results) {
  const names = results.testResults.flatMap(({ testResults }) =>
    testResults.filter(({ status }) => status === 'pending').map(({ fullName }) => fullName),
  );
  for (const name of names) process.stderr.write(`not run: ${name}\n`);
}
