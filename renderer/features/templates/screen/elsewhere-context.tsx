import { createContext, useContext } from 'react';

/** Ways to other screens of the studio. */
export interface Elsewhere {
  readonly openKeys: () => void;
  readonly openSettings: () => void;
}

const Ways = createContext<Elsewhere | undefined>(undefined);
export const ElsewhereProvider = Ways.Provider;

export function useElsewhere(): Elsewhere {
  const ways = useContext(Ways);
  if (ways === undefined) throw new Error('This stands outside of the templates screen');
  return ways;
}
