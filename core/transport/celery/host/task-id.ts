import { hash } from 'node:crypto';
import type { AttemptKey } from '../../../jobs/output-store.ts';

/**
 * The id of the task that an attempt is, always the same, in the form that Celery's own ids have (RFC 9562 §5.8): a task
 * that is sent twice is one task, and its result is known after a restart.
 */
export function taskIdOf(installation: string, { id, attempt }: AttemptKey): string {
  const hex = hash('sha256', `${installation}:${id}:${attempt}`, 'hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
