/** Preloaded with `node --import`: any import or require of Electron fails, which plain Node would answer by a download. */
import { registerHooks } from 'node:module';

registerHooks({
  resolve: (specifier, context, next) => {
    if (specifier === 'electron' || specifier.startsWith('electron/')) {
      throw new Error(`electron is imported by ${context.parentURL ?? 'the entry'}`);
    }
    return next(specifier, context);
  },
});
