import { Fragment, type ReactElement } from 'react';
import { CopyButton } from '../../ui/copy-button.tsx';
import './copy-line.css';

/** A value to be used elsewhere. `what` names it. */
export function CopyLine({ text, what }: { readonly text: string; readonly what: string }): ReactElement {
  return (
    <div className="copy-line">
      <code>
        {text.split(/(?<=:)/).map((part, index) => (
          <Fragment key={index}>
            {part}
            <wbr />
          </Fragment>
        ))}
      </code>
      <CopyButton variant="quiet" size="s" text={text} what={what} />
    </div>
  );
}
