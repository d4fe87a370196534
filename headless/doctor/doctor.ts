import type { DoctorOptions } from '../commands/doctor.ts';
import { EXIT } from '../exit-code.ts';
import { hostPaths, openCache } from '../paths.ts';
import { printJson, printResult, styleResult } from '../terminal.ts';
import { checkDataFolder, checkDisk, ownerUrl } from './check-data-folder.ts';
import { checkEngine } from './check-engine.ts';
import { checkNetwork } from './check-network.ts';
import { checkPort } from './check-port.ts';
import { checkElectron, checkVersions } from './check-runtime.ts';
import type { Finding } from './finding.ts';

const SIGNS: Record<Finding['state'], string> = {
  ok: styleResult('green', '✓'),
  note: styleResult('yellow', '!'),
  failed: styleResult('red', '✗'),
};

function lines(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ label }) => label.length));
  return findings
    .map(({ state, label, says, fix }) => {
      const line = `${SIGNS[state]} ${label.padEnd(width)}  ${says}`;
      return fix === undefined ? line : `${line}\n  ${' '.repeat(width)}  ${styleResult('cyan', fix)}`;
    })
    .join('\n');
}

/** Checks everything, prints what it found, and sets exit code 1 when something needed is missing. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const paths = hostPaths(options.data, process.env);
  await using cache = await openCache(process.env);
  const checks = [
    ...checkVersions(),
    ...(await checkEngine({ ...paths, cache: cache.folder }, options.browser)),
    checkElectron(),
    await checkDataFolder(paths),
    await checkDisk(paths),
    await checkPort(ownerUrl(paths)),
    await checkNetwork(paths),
  ];
  const findings = checks.filter((finding) => finding !== undefined);
  const failures = findings.filter(({ state }) => state === 'failed');
  if (options.json) {
    await printJson({ ok: failures.length === 0, findings });
  } else {
    await printResult(lines(findings));
    const verdict = failures.length === 0 ? 'Influxion can work here.' : 'Influxion cannot work here yet.';
    await printResult(`\n${styleResult('bold', verdict)}`);
  }
  process.exitCode = failures.length === 0 ? EXIT.done : EXIT.failed;
}
