import { Files, FileText, SquareTerminal } from 'lucide-react';
import type { StudioHost } from '../host/studio-host.ts';
import type { CommandRegistry } from '../ui/command-registry.ts';
import type { PaletteSource } from './palette-items.ts';

export interface PaletteTargets {
  readonly openTemplate: (id: string) => void;
  readonly openJob: (id: number) => void;
}

const MOST_JOBS = 8;

/** Templates, commands and jobs, in the order in which they are wanted. */
export function paletteSources(
  host: StudioHost,
  registry: CommandRegistry,
  { openTemplate, openJob }: PaletteTargets,
): readonly PaletteSource[] {
  return [
    {
      title: 'Templates',
      icon: <Files aria-hidden="true" />,
      load: async (_query, signal) =>
        (await host.request('templates.list', {}, signal)).templates.map(({ id, name, description }) => ({
          id: `template-${id}`,
          title: name,
          detail: description,
          run: () => openTemplate(id),
        })),
    },
    {
      title: 'Commands',
      icon: <SquareTerminal aria-hidden="true" />,
      load: () =>
        Promise.resolve(
          registry
            .available()
            .filter(({ id }) => id !== 'studio.palette')
            .map(({ id, title, shortcut, run }) => ({
              id,
              title,
              run,
              ...(shortcut !== undefined && { shortcut }),
            })),
        ),
    },
    {
      title: 'Jobs',
      icon: <FileText aria-hidden="true" />,
      isSearched: true,
      load: async (query, signal) => {
        const search = query.trim();
        const filter = search === '' ? {} : { search: search.slice(0, 200) };
        const { jobs } = await host.request('jobs.list', { filter, offset: 0, limit: MOST_JOBS }, signal);
        return jobs.map((job) => ({
          id: `job-${job.id}`,
          title: `Job ${job.id}`,
          detail: [job.document_id, job.template_id, JOB_STATES[job.status]]
            .filter((part) => part !== null)
            .join(' · '),
          run: () => openJob(job.id),
        }));
      },
    },
  ];
}

const JOB_STATES = { Received: 'waiting', InProgress: 'running', Done: 'done', Error: 'failed' } as const;
