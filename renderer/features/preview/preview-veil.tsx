import { FileText } from 'lucide-react';
import type { ReactElement } from 'react';
import type { HostFailure } from '../../host/studio-host.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import type { SourceLine } from './places.ts';

export interface PreviewVeilProps {
  readonly hasTemplate: boolean;
  readonly hasPages: boolean;
  readonly failure: HostFailure | undefined;
  readonly dataPath: string | null;
  readonly onGoTo: (place: SourceLine) => void;
  readonly onAgain: () => void;
}

/** What stands over or instead of the pages: nothing is open, the first page is on its way, the last edit failed. */
export function PreviewVeil({
  hasTemplate,
  hasPages,
  failure,
  dataPath,
  onGoTo,
  onAgain,
}: PreviewVeilProps): ReactElement | undefined {
  if (!hasTemplate) {
    return (
      <div className="preview-veil">
        <EmptyState icon={<FileText aria-hidden="true" />} title="No template is open">
          Choose a template in the library; its pages appear here and follow every edit.
        </EmptyState>
      </div>
    );
  }
  if (failure !== undefined) {
    return (
      <div className="preview-failure">
        <FailureNote
          failure={failure}
          title={hasPages ? 'This is the last version that printed' : 'There is nothing to show yet'}
          onGoTo={onGoTo}
          dataPath={dataPath ?? undefined}
          actions={
            <Button size="s" variant="quiet" onClick={onAgain}>
              Try again
            </Button>
          }
        />
      </div>
    );
  }
  if (hasPages) return undefined;
  return (
    <div className="preview-veil" role="status" aria-label="The first page is being printed">
      <div className="preview-skeleton">
        {[40, 0, 92, 88, 95, 60, 0, 90, 94, 72].map((width, line) => (
          <i key={line} style={{ width: `${width}%` }} />
        ))}
      </div>
    </div>
  );
}
