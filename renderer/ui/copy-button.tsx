import { Check, Copy } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { Button, type ButtonProps } from './button.tsx';

export interface CopyButtonProps extends Omit<ButtonProps, 'onClick' | 'icon' | 'children'> {
  readonly text: string;
  /** On the button: "Copy", "Copy details". */
  readonly label?: string;
  /** What is copied, for those who do not see where the button stands. */
  readonly what?: string;
}

type Copied = 'no' | 'yes' | 'failed';

export function CopyButton({ text, label = 'Copy', what, ...rest }: CopyButtonProps): ReactElement {
  const [copied, setCopied] = useState<Copied>('no');
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => setCopied('yes'),
      () => setCopied('failed'),
    );
  };
  return (
    <Button
      {...rest}
      icon={copied === 'yes' ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
      onClick={copy}
      onBlur={() => setCopied('no')}
    >
      <span aria-live="polite">{{ no: label, yes: 'Copied', failed: 'Could not copy' }[copied]}</span>
      {what !== undefined && <span className="visually-hidden"> {what}</span>}
    </Button>
  );
}
