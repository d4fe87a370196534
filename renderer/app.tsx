import { useCallback, type ReactElement } from 'react';
import type { DesktopBridge } from '../contract/desktop.ts';
import './app.css';
import { ApiAccess } from './features/api/api-access.tsx';
import { Generate } from './features/generate/generate.tsx';
import { RecentJobs } from './features/jobs/recent-jobs.tsx';
import { StatusBar } from './features/status/status-bar.tsx';
import type { Host } from './host/host.ts';
import { usePolled } from './host/use-polled.ts';

const EVERY_MS = { status: 2000, jobs: 2000, templates: 15_000 };

export interface AppProps {
  readonly host: Host;
  readonly desktop: DesktopBridge | undefined;
}

export function App({ host, desktop }: AppProps): ReactElement {
  const status = usePolled(host.status, EVERY_MS.status);
  const templates = usePolled(host.templates, EVERY_MS.templates);
  const jobs = usePolled(host.jobs, EVERY_MS.jobs);
  const { refresh: refreshStatus } = status;
  const { refresh: refreshJobs } = jobs;
  const refresh = useCallback(() => {
    refreshStatus();
    refreshJobs();
  }, [refreshStatus, refreshJobs]);

  return (
    <>
      <header className="bar">
        <h1>Influxion</h1>
        {status.value !== undefined && <span className="muted">{status.value.version}</span>}
        {desktop !== undefined && <span className="muted">Electron {desktop.versions.electron}</span>}
        <span className="grow" />
        <nav aria-label="Reference">
          <a href="/docs">API reference</a>
          <a href="/openapi.json">OpenAPI</a>
        </nav>
      </header>
      <main>
        <Generate
          host={host}
          templates={templates.value}
          jobs={jobs.value ?? []}
          canOpenTab={desktop === undefined}
          onEnd={refresh}
          aside={<ApiAccess />}
          below={<RecentJobs jobs={jobs.value} />}
        />
      </main>
      <StatusBar status={status.value} error={status.error} />
    </>
  );
}
