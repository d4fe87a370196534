/** Opens a template or a job from anywhere; the features are loaded when they are first wanted. */
import type { StudioHost } from './host/studio-host.ts';

/** A line of a file of a template. */
export interface TemplatePlace {
  readonly path: string;
  readonly line: number;
}

export interface Opener {
  template(id: string, place?: TemplatePlace): Promise<void>;
  job(id: number): Promise<void>;
  batch(id: number): Promise<void>;
  /** Prepares a batch from a table, for a template if one is named. */
  rows(file: File, templateId: string | undefined): Promise<void>;
  /** Takes in a file as if it were dropped on the templates. */
  file(name: string, bytes: Uint8Array): Promise<void>;
}

export const openerOf = (host: StudioHost): Opener => ({
  async template(id, place) {
    const { templatesWorkspace } = await import('./features/templates/templates-workspace.ts');
    const workspace = templatesWorkspace(host);
    await workspace.openTemplate(id);
    if (place !== undefined) workspace.goTo(place);
  },
  async job(id) {
    const { openJob } = await import('./features/jobs/jobs-of-host.ts');
    openJob(host, id);
  },
  async batch(id) {
    const { openBatch } = await import('./features/batches/batches-store.ts');
    openBatch(id);
  },
  async rows(file, templateId) {
    const { prepareBatch } = await import('./features/batches/batches-store.ts');
    await prepareBatch(host, file, templateId);
  },
  async file(name, bytes) {
    const [{ templatesWorkspace }, { takeInFiles }] = await Promise.all([
      import('./features/templates/templates-workspace.ts'),
      import('./features/templates/template-actions.ts'),
    ]);
    await takeInFiles(templatesWorkspace(host), [new File([new Uint8Array(bytes)], name)]);
  },
});
