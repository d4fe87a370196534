import { useState, type ReactElement } from 'react';
import type { StudioJob, StudioTemplate } from '../../../contract/studio.ts';
import type { Host } from '../../host/host.ts';
import { DataForm } from './data-form.tsx';
import './generate.css';
import { ResultPane } from './result-pane.tsx';
import { TemplateList } from './template-list.tsx';
import { useDraft } from './use-draft.ts';
import { useGenerate } from './use-generate.ts';

export interface GenerateProps {
  readonly host: Host;
  readonly templates: readonly StudioTemplate[] | undefined;
  readonly jobs: readonly StudioJob[];
  readonly canOpenTab: boolean;
  /** Called when a job has ended, so that what shows jobs can look again. */
  readonly onEnd: () => void;
  /** What stands below the list of templates. */
  readonly aside: ReactElement;
  /** What stands below the data. */
  readonly below: ReactElement;
}

/** Where the newest job stands; it is ours as long as nobody else works, and close enough otherwise. */
function progressOf(jobs: readonly StudioJob[], templateId: string | undefined): string {
  const mine = jobs.find((job) => job.template_id === templateId);
  if (mine?.status === 'Received') return 'Waiting in the queue …';
  if (mine?.status !== 'InProgress') return 'Generating …';
  return mine.stage === 'print' ? 'Printing …' : 'Filling in the template …';
}

export function Generate(props: GenerateProps): ReactElement {
  const { host, templates } = props;
  const [chosen, setChosen] = useState<string>();
  const [samples, setSamples] = useState<Readonly<Record<string, string>>>({});
  const template =
    templates?.find(({ id }) => id === chosen) ?? templates?.find(({ problem }) => problem === null);
  const wanted = template === undefined ? undefined : samples[template.id];
  const sample = wanted !== undefined && template?.samples.includes(wanted) ? wanted : template?.samples[0];
  const draft = useDraft(host, template?.id, sample);
  const { generation, generate, cancel } = useGenerate(host, props.onEnd);
  const job = generation.state === 'done' ? props.jobs.find(({ id }) => id === generation.jobId) : undefined;

  return (
    <>
      <aside className="side">
        <TemplateList templates={templates} selected={template?.id} onSelect={setChosen} />
        {template !== undefined && (
          <p className="template-about">{template.problem ?? template.description}</p>
        )}
        {props.aside}
      </aside>
      <div className="work">
        <DataForm
          template={template}
          sample={sample}
          onSample={(name) => {
            if (template !== undefined) setSamples({ ...samples, [template.id]: name });
          }}
          draft={draft}
          running={generation.state === 'running'}
          onGenerate={generate}
          onCancel={cancel}
        />
        {props.below}
      </div>
      <ResultPane
        generation={generation}
        pages={job?.pages}
        warnings={job?.warnings ?? []}
        progress={progressOf(props.jobs, template?.id)}
        canOpenTab={props.canOpenTab}
      />
    </>
  );
}
