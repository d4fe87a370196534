import type { ReactElement } from 'react';
import { useStore } from 'zustand';
import { AccessScreen } from './features/access/access-screen.tsx';
import { templatesWorkspace } from './features/templates/templates-workspace.ts';
import type { StudioHost } from './host/studio-host.ts';

export interface AccessOfTemplateProps {
  readonly host: StudioHost;
  readonly openSettings: () => void;
}

/** The API's screen with programs for the template that is open in the editor. */
export function AccessOfTemplate({ host, openSettings }: AccessOfTemplateProps): ReactElement {
  const templateId = useStore(
    templatesWorkspace(host).store,
    (state) => state.templateId ?? state.list?.[0]?.id ?? 'invoice',
  );
  return <AccessScreen templateId={templateId} openSettings={openSettings} />;
}
