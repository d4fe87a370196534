import { useState, type ReactElement, type ReactNode } from 'react';
import { Field } from '../../ui/field.tsx';
import { Input } from '../../ui/input.tsx';

export interface LineFieldProps {
  readonly label: string;
  readonly help?: ReactNode;
  readonly placeholder?: string;
  readonly value: string;
  /** What is wrong with a text, or undefined when it is right. */
  readonly fault?: (text: string) => string | undefined;
  readonly onCommit: (text: string) => void;
}

/** A line of text that takes effect when the field is left or Enter is pressed. */
export function LineField({
  label,
  help,
  placeholder,
  value,
  fault,
  onCommit,
}: LineFieldProps): ReactElement {
  const [draft, setDraft] = useState<string>();
  const text = draft ?? value;
  const problem = fault?.(text.trim());
  const commit = (): void => {
    if (draft === undefined || problem !== undefined) return;
    setDraft(undefined);
    if (draft.trim() !== value) onCommit(draft.trim());
  };
  return (
    <Field label={label} help={help} error={problem}>
      {(control) => (
        <Input
          {...control}
          spellCheck={false}
          autoComplete="off"
          placeholder={placeholder}
          value={text}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={commit}
          onKeyDown={(event) => {
            if (event.key === 'Enter') commit();
            if (event.key === 'Escape') setDraft(undefined);
          }}
        />
      )}
    </Field>
  );
}
