import type { KeyboardEvent, ReactElement } from 'react';
import { Field } from '../../ui/field.tsx';
import { TextArea } from '../../ui/input.tsx';
import { parseJson } from '../../ui/json-text.ts';

export interface JsonAreaProps {
  readonly label: string;
  readonly help?: string;
  readonly value: string;
  readonly rows: number;
  readonly autoFocus?: boolean;
  readonly onValue: (text: string) => void;
  /** Ctrl+Enter, or ⌘ Enter. */
  readonly onSend: () => void;
}

/** JSON to be typed or pasted; a mistake is told with its line while it is there. */
export function JsonArea({
  label,
  help,
  value,
  rows,
  autoFocus = false,
  onValue,
  onSend,
}: JsonAreaProps): ReactElement {
  const parsed = parseJson(value);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    onSend();
  };
  return (
    <Field label={label} error={parsed.ok ? undefined : parsed.message} {...(help !== undefined && { help })}>
      {(control) => (
        <TextArea
          {...control}
          mono
          rows={rows}
          autoFocus={autoFocus}
          spellCheck={false}
          value={value}
          onChange={(event) => onValue(event.target.value)}
          onKeyDown={onKeyDown}
        />
      )}
    </Field>
  );
}
