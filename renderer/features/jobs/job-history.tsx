import type { ReactElement } from 'react';
import { formatDuration } from '../../ui/quantity.ts';
import { CANCELLED, fullTime, stateWords } from './job-words.ts';
import { StateMark } from './state-mark.tsx';
import type { JobDetails } from './use-job.ts';

type State = JobDetails['states'][number];

/** What to say beside a state: why it came to it. */
function why({ status, code }: State, first: boolean): string {
  if (status === 'Received')
    return first ? 'accepted' : `to be tried again${code === null ? '' : ` (${code})`}`;
  return code === null || code === CANCELLED ? '' : code;
}

/** The states that a job went through, with the time between them. */
export function JobHistory({ states }: { readonly states: readonly State[] }): ReactElement {
  return (
    <ol className="job-history">
      {states.map((state, index) => {
        const before = states[index - 1];
        const gap = before === undefined ? undefined : Date.parse(state.at) - Date.parse(before.at);
        return (
          <li key={index}>
            <div className="what">
              <StateMark {...stateWords(state.status, null, state.code)} />
              {state.attempt > 0 && <span className="muted">attempt {state.attempt}</span>}
              <span>{why(state, index === 0)}</span>
            </div>
            <div className="muted">
              <time dateTime={state.at}>{fullTime(state.at)}</time>
              {gap !== undefined && <> · after {formatDuration(gap)}</>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
