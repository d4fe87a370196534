/** What all editors of a workspace share, started with the first of them. */
import type { TemplatesWorkspace } from '../templates-workspace.ts';
import { followTheme } from './editor-theme.ts';
import { registerFormatter } from './format-html.ts';
import { startLanguageSession } from './language-session.ts';
import { createModels, type Models } from './models.ts';
import { registerProviders } from './providers.ts';
import { registerHandlebars } from './template-typing.ts';

const sessions = new WeakMap<TemplatesWorkspace, Models>();

export function editorModels(workspace: TemplatesWorkspace): Models {
  let models = sessions.get(workspace);
  if (models === undefined) {
    registerHandlebars();
    models = createModels(workspace);
    sessions.set(workspace, models);
    followTheme();
    registerFormatter();
    registerProviders(startLanguageSession(workspace, models), models);
  }
  return models;
}
