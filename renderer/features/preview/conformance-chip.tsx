import { Check, CircleAlert } from 'lucide-react';
import type { ReactElement } from 'react';
import type { PreviewConformance } from '../../../contract/studio/preview.ts';
import { Button } from '../../ui/button.tsx';
import { Popover } from '../../ui/popover.tsx';
import { standardName } from '../../ui/standard-name.ts';
import { ViolationList } from '../../ui/violation-list.tsx';
import type { SourceLine } from './places.ts';

export interface ConformanceChipProps {
  readonly conformance: PreviewConformance;
  readonly onPage: (page: number) => void;
  readonly onLine: (place: SourceLine) => void;
}

const rulesFail = (count: number): string => (count === 1 ? '1 rule fails' : `${count} rules fail`);

/** Whether the pages meet their standard; opens for the rules that they break and where. */
export function ConformanceChip({ conformance, onPage, onLine }: ConformanceChipProps): ReactElement {
  const { standard, conformant, violations } = conformance;
  const name = standardName(standard);
  const said = conformant ? `${name} is met` : `${name}: ${rulesFail(violations.length)}`;
  return (
    <Popover
      side="top"
      label={said}
      trigger={
        <Button
          size="s"
          variant="quiet"
          className={conformant ? 'preview-standard preview-standard-met' : 'preview-standard'}
          icon={conformant ? <Check aria-hidden="true" /> : <CircleAlert aria-hidden="true" />}
        >
          {conformant ? name : said}
          {conformant && <span className="visually-hidden"> is met</span>}
        </Button>
      }
    >
      <div className="preview-rules">
        <h3>{said}</h3>
        {conformant ? (
          <p className="muted">
            Every rule that is checked is met with this sample. Each job checks its own file before it is
            Done.
          </p>
        ) : (
          <ViolationList violations={violations} onPage={onPage} onLine={onLine} />
        )}
      </div>
    </Popover>
  );
}
