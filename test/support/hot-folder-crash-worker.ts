/** A process that owns a data folder and works on a hot folder until it is killed. Arguments: the folder of both. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { acquireOwnership } from '../../core/store/owner-lock.ts';
import { openHotFolderWorld } from './hot-folder-world.ts';

const [root = ''] = process.argv.slice(2);
mkdirSync(join(root, 'data'), { recursive: true });
await acquireOwnership({ data: join(root, 'data') });
await openHotFolderWorld({ root });
process.stdout.write('ready\n');
