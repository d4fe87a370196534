import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { TemplatesState } from '../templates-state.ts';
import type { TemplatesWorkspace } from '../templates-workspace.ts';

const Workspace = createContext<TemplatesWorkspace | undefined>(undefined);
export const WorkspaceProvider = Workspace.Provider;

export function useWorkspace(): TemplatesWorkspace {
  const workspace = useContext(Workspace);
  if (workspace === undefined) throw new Error('This stands outside of the templates screen');
  return workspace;
}

/** `select` must give the same thing for the same state. */
export const useTemplates = <Value,>(select: (state: TemplatesState) => Value): Value =>
  useStore(useWorkspace().store, select);
