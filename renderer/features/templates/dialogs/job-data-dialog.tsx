import { useEffect, useState, type ReactElement } from 'react';
import type { JobRow } from '../../../../contract/studio/jobs.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { FailureNote } from '../../../ui/failure-note.tsx';
import { Spinner } from '../../../ui/spinner.tsx';
import { moveInList } from '../screen/list-keys.ts';
import { useTemplates, useWorkspace } from '../screen/workspace-context.tsx';
import { addSample } from '../template-actions.ts';
import { asError } from '../templates-workspace.ts';

const TIME = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });
const SHOWN = 100;

/** Makes a sample of the data that a job was sent with. */
export function JobDataDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const workspace = useWorkspace();
  const templateId = useTemplates((state) => state.templateId);
  const [jobs, setJobs] = useState<readonly JobRow[]>();
  const [failure, setFailure] = useState<Error>();

  useEffect(() => {
    if (templateId === null) return;
    const controller = new AbortController();
    const input = { filter: { template_id: templateId }, offset: 0, limit: SHOWN };
    workspace.host.request('jobs.list', input, controller.signal).then(
      (answer) => setJobs(answer.jobs),
      (error: unknown) => controller.signal.aborted || setFailure(asError(error)),
    );
    return () => controller.abort();
  }, [workspace, templateId]);

  const take = async (job: JobRow): Promise<void> => {
    try {
      const { request } = await workspace.host.request('jobs.inputs', { id: job.id });
      await addSample(workspace, `job-${job.id}`, `${JSON.stringify(request.data ?? {}, null, 2)}\n`);
      onClose();
    } catch (error) {
      setFailure(asError(error));
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Use a job's data"
      description="Its data becomes a new sample of this template."
    >
      {failure !== undefined && <FailureNote failure={failure} />}
      {jobs === undefined && failure === undefined && <Spinner label="Reading the jobs" />}
      {jobs?.length === 0 && <p className="muted">No job has used this template yet.</p>}
      <ul className="templates-jobs" onKeyDown={moveInList}>
        {jobs?.map((job) => (
          <li key={job.id}>
            <button type="button" data-row className="templates-file" onClick={() => void take(job)}>
              <span className="templates-file-name">
                Job {job.id} {job.document_id}
              </span>
              <span className="muted templates-quick-where">
                {job.status} · {TIME.format(new Date(job.created_at))}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
