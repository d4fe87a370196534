/** Before the suite: installs the oracles that are missing and tells the tests which there are. */
import type { TestProject } from 'vitest/node';
import { ORACLES, ORACLES_DIR, type Oracle } from './oracles.ts';
import { runProgram } from './run-program.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Why an oracle cannot be asked, by its name; the others can. */
    readonly missingOracles: Readonly<Partial<Record<Oracle, string>>>;
  }
}

const TEN_MINUTES = 600_000;

/** In CI an oracle that is missing is a failure; elsewhere the tests that need it say so and are left out. */
export async function setup(project: TestProject): Promise<void> {
  const missing: Partial<Record<Oracle, string>> = {};
  for (const oracle of ORACLES) {
    const { code, stderr } = await runProgram('bash', [`${ORACLES_DIR}/install`, oracle], {
      deadlineMs: TEN_MINUTES,
    }).catch((error: unknown) => ({ code: null, stderr: String(error) }));
    if (code !== 0) missing[oracle] = stderr.trim().slice(-500) || 'its installation failed';
  }
  for (const [oracle, why] of Object.entries(missing)) process.stderr.write(`Not asked: ${oracle}. ${why}\n`);
  if (process.env['CI'] === 'true' && Object.keys(missing).length > 0) {
    throw new Error(`Oracles are missing: ${Object.keys(missing).join(', ')}`);
  }
  project.provide('missingOracles', missing);
}
