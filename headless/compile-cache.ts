import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

/**
 * Keeps V8's compiled code of what is loaded from here on, which saves about a third of the time that loading takes.
 * Only in a cache folder that is there already: it is made elsewhere, for this user only, and code from a folder that
 * others may write to would be theirs to choose.
 */
export function keepCompiledCode(cacheFolder: string): void {
  if (existsSync(cacheFolder)) enableCompileCache(join(cacheFolder, 'compiled'));
}
