import { Check, Minus } from 'lucide-react';
import { Checkbox as RadixCheckbox, Switch as RadixSwitch } from 'radix-ui';
import { useId, type ReactElement, type ReactNode } from 'react';
import './toggle.css';

export interface CheckboxProps {
  /** `'some'`: of what it stands for, some are on. */
  readonly checked: boolean | 'some';
  readonly onChecked: (checked: boolean) => void;
  /** Stands beside it; or give `aria-label` where the place says what it is. */
  readonly children?: ReactNode;
  readonly disabled?: boolean;
  readonly 'aria-label'?: string;
}

export function Checkbox({ checked, onChecked, children, ...rest }: CheckboxProps): ReactElement {
  const id = useId();
  return (
    <span className="ui-toggle">
      <RadixCheckbox.Root
        {...rest}
        id={id}
        className="ui-toggle-box"
        checked={checked === 'some' ? 'indeterminate' : checked}
        onCheckedChange={(state) => onChecked(state === true)}
      >
        <RadixCheckbox.Indicator asChild>
          {checked === 'some' ? <Minus aria-hidden="true" /> : <Check aria-hidden="true" />}
        </RadixCheckbox.Indicator>
      </RadixCheckbox.Root>
      {children !== undefined && <label htmlFor={id}>{children}</label>}
    </span>
  );
}

export interface SwitchProps {
  readonly checked: boolean;
  readonly onChecked: (checked: boolean) => void;
  readonly children?: ReactNode;
  readonly disabled?: boolean;
  readonly 'aria-label'?: string;
}

/** For what takes effect at once; a Checkbox for what is sent with a form. */
export function Switch({ checked, onChecked, children, ...rest }: SwitchProps): ReactElement {
  const id = useId();
  return (
    <span className="ui-toggle">
      <RadixSwitch.Root {...rest} id={id} className="ui-switch" checked={checked} onCheckedChange={onChecked}>
        <RadixSwitch.Thumb />
      </RadixSwitch.Root>
      {children !== undefined && <label htmlFor={id}>{children}</label>}
    </span>
  );
}
