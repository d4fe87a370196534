import { CircleAlert, CircleCheck, CircleMinus, TriangleAlert } from 'lucide-react';
import type { ReactElement } from 'react';
import type { Mark } from './verify-words.ts';

/** Signs beside the words that say the same. */
export const MARKS: Readonly<Record<Mark, ReactElement>> = {
  ok: <CircleCheck aria-hidden="true" />,
  warn: <TriangleAlert aria-hidden="true" />,
  bad: <CircleAlert aria-hidden="true" />,
  plain: <CircleMinus aria-hidden="true" />,
};
