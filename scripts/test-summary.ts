/**
 * What the reports of Vitest say together: each failure with its words, then one line «N passed, N failed». The failures
 * are told again because the end of a log is what is read first, and often all of it that was kept.
 * Arguments: how many steps failed, then the reports, of which some may not be there.
 */
import { existsSync, readFileSync } from 'node:fs';

const WORDS_MAX = 600;

/** Of Vitest's JSON reporter, what is read here. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: 'passed' | 'failed';
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly duration?: number | null;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

function failuresIn({ testResults }: Report): string[] {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failures = assertionResults
      .filter((test) => test.status === 'failed')
      .map(({ fullName, duration, failureMessages }) => {
        const words = (failureMessages ?? []).join('\n').slice(0, WORDS_MAX);
        return `FAILED ${name}: ${fullName} (${Math.round(duration ?? 0)} ms)\n${words}\n`;
      });
    // A file that cannot be read, or a hook that fails, has no test to tell it.
    if (status === 'failed' && failures.length === 0)
      return [`FAILED ${name}: ${message.slice(0, WORDS_MAX)}\n`];
    return failures;
  });
}

const [failedSteps, ...files] = process.argv.slice(2);
const reports = files.filter(existsSync).map((file) => JSON.parse(readFileSync(file, 'utf8')) as Report);
for (const failure of reports.flatMap(failuresIn)) console.log(failure);
const passed = reports.reduce((sum, report) => sum + report.numPassedTests, 0);
const failed = reports.reduce((sum, report) => sum + report.numFailedTests, Number(failedSteps));
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
