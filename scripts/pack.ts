/**
 * `npm run pack`: the desktop app as a folder, `release/`, made offline from an Electron that is on this machine.
 * Arguments go to electron-builder (`--linux AppImage deb` and the like for what is shipped).
 */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { build } from './build.ts';
import { electronVersion, findElectronDist } from './electron-binary.ts';
import { ROOT } from './layout.ts';

const NO_ELECTRON = `There is no Electron ${electronVersion()} on this machine to pack the app with. Fetch it with
"npx install-electron --no" while online, or name the folder of an unpacked one in ELECTRON_OVERRIDE_DIST_PATH.`;

const dist = findElectronDist(process.env);
if (dist === undefined) {
  console.error(NO_ELECTRON);
  process.exitCode = 1;
} else {
  await build();
  const builder = path.join(ROOT, 'node_modules', 'electron-builder', 'cli.js');
  const given = process.argv.slice(2);
  const args = [
    builder,
    '--config',
    'electron-builder.yml',
    `-c.electronDist=${dist}`,
    ...(given.length > 0 ? given : ['--dir']),
  ];
  process.exitCode = spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit' }).status ?? 1;
}
