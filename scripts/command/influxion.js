#!/usr/bin/env node
// A package's own "bin" would make npx install the whole folder into its cache at every call; this one is just linked.
import { existsSync } from 'node:fs';

const program = new URL('../../dist/headless/influxion.js', import.meta.url);

if (existsSync(program)) {
  await import(program.href);
} else {
  process.stderr.write('Influxion is not built yet. Run "npm run build" in its folder.\n');
  process.exitCode = 1;
}
