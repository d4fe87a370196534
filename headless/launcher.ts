#!/usr/bin/env node
/**
 * What `influxion` starts. It runs on any Node, only to say which one is needed: the program itself uses modules that
 * older versions cannot even load, hence the dynamic import.
 */
const OLDEST_NODE = 24;

const major = Number(process.versions.node.split('.')[0]);
if (major >= OLDEST_NODE) {
  await import('./influxion.ts');
} else {
  process.stderr.write(
    `Influxion needs Node ${OLDEST_NODE} or newer, and this is Node ${process.versions.node}. ` +
      'In its folder, "npx influxion" runs it with the right one.\n',
  );
  process.exitCode = 1;
}
