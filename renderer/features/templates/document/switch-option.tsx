import type { ReactElement } from 'react';
import { Switch } from '../../../ui/toggle.tsx';

export interface SwitchOptionProps {
  readonly label: string;
  readonly help: string;
  readonly isOn: boolean;
  readonly onTurn: (on: boolean) => void;
}

/** A setting that is on or off, with what it means. */
export function SwitchOption({ label, help, isOn, onTurn }: SwitchOptionProps): ReactElement {
  return (
    <div className="templates-document-flag">
      <Switch checked={isOn} onChecked={onTurn}>
        {label}
      </Switch>
      <p className="ui-field-help">{help}</p>
    </div>
  );
}
