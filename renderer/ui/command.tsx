import { useState, type ReactElement } from 'react';

type Copied = 'no' | 'yes' | 'failed';
const LABELS = { no: 'Copy', yes: 'Copied', failed: 'Press Ctrl+C' } as const;

/** A command to be typed elsewhere, with a button that copies it. `what` names it for those who do not see it. */
export function Command({ text, what }: { readonly text: string; readonly what: string }): ReactElement {
  const [copied, setCopied] = useState<Copied>('no');
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setCopied('yes'),
      () => setCopied('failed'),
    );
  };
  return (
    <div className="command">
      <pre>
        <code>{text}</code>
      </pre>
      <button type="button" className="button" onClick={copy} onBlur={() => setCopied('no')}>
        <span aria-live="polite">{LABELS[copied]}</span>
        <span className="visually-hidden"> {what}</span>
      </button>
    </div>
  );
}
