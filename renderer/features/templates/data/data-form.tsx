import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Input, TextArea } from '../../../ui/input.tsx';
import { Select } from '../../../ui/select.tsx';
import { Switch } from '../../../ui/toggle.tsx';
import { isObject } from '../language/values.ts';
import { emptyValue, type FormField } from './form-fields.ts';
import { moveItem, setJson, type JsonPath } from './json-text.ts';

export interface DataFormProps {
  /** JSON, and what it stands for. */
  readonly text: string;
  readonly value: unknown;
  readonly form: FormField;
  readonly onText: (text: string) => void;
}

interface PartProps {
  readonly field: FormField;
  readonly value: unknown;
  readonly path: JsonPath;
  readonly change: (edit: (text: string) => string) => void;
}

/** Fields for the data; each change rewrites only its own part of the JSON. */
export function DataForm({ text, value, form, onText }: DataFormProps): ReactElement {
  const change = (edit: (text: string) => string): void => onText(edit(text));
  if (form.kind !== 'object') {
    return (
      <p className="templates-no-text muted">A form needs an object with fields. Edit this one as JSON.</p>
    );
  }
  return (
    <form className="templates-form" aria-label="Data" onSubmit={(event) => event.preventDefault()}>
      <Members field={form} value={value} path={[]} change={change} />
    </form>
  );
}

function Members({ field, value, path, change }: PartProps): ReactElement {
  const record = isObject(value) ? value : {};
  return (
    <>
      {field.fields.map(([key, inner]) => (
        <Part
          key={key}
          field={inner}
          value={Object.hasOwn(record, key) ? record[key] : undefined}
          path={[...path, key]}
          change={change}
        />
      ))}
    </>
  );
}

function Part(props: PartProps): ReactElement {
  const { field, value, path, change } = props;
  if (field.kind === 'object') {
    return (
      <fieldset className="templates-form-group">
        <legend>{field.label}</legend>
        <Members {...props} />
      </fieldset>
    );
  }
  if (field.kind === 'list') return <List {...props} />;
  const set = (next: unknown): void => change((text) => setJson(text, path, next));
  if (field.kind === 'boolean') {
    return (
      <Switch checked={value === true} onChecked={set}>
        {field.label}
      </Switch>
    );
  }
  const label = field.isRequired ? `${field.label} *` : field.label;
  return (
    <Field label={label} {...(field.help !== undefined && { help: field.help })}>
      {(control) => <Control control={control} field={field} value={value} set={set} />}
    </Field>
  );
}

interface ControlProps {
  readonly control: Parameters<Parameters<typeof Field>[0]['children']>[0];
  readonly field: FormField;
  readonly value: unknown;
  readonly set: (value: unknown) => void;
}

function Control({ control, field, value, set }: ControlProps): ReactElement {
  const text = typeof value === 'string' ? value : '';
  switch (field.kind) {
    case 'choice': {
      const options = field.options.map((option, index) => ({ value: String(index), label: String(option) }));
      const index = field.options.indexOf(value);
      return (
        <Select
          {...control}
          value={index < 0 ? '' : String(index)}
          options={index < 0 ? [{ value: '', label: 'Choose…' }, ...options] : options}
          onValue={(chosen) => set(field.options[Number(chosen)])}
        />
      );
    }
    case 'number':
    case 'integer':
      return <NumberInput control={control} value={value} isWhole={field.kind === 'integer'} set={set} />;
    case 'date':
      return <Input {...control} type="date" value={text} onChange={(event) => set(event.target.value)} />;
    case 'long':
      return <TextArea {...control} rows={3} value={text} onChange={(event) => set(event.target.value)} />;
    case 'text':
      return <Input {...control} value={text} onChange={(event) => set(event.target.value)} />;
    case 'boolean':
    case 'list':
    case 'object':
    case 'other':
      return <Input {...control} mono readOnly value={value === undefined ? '' : JSON.stringify(value)} />;
  }
}

/** `1.` and `-` are kept while they are typed, though they are no numbers yet. */
function NumberInput({
  control,
  value,
  isWhole,
  set,
}: Omit<ControlProps, 'field'> & { readonly isWhole: boolean }): ReactElement {
  const [typed, setTyped] = useState<string>();
  const shown = typed ?? (typeof value === 'number' ? String(value) : '');
  return (
    <Input
      {...control}
      inputMode={isWhole ? 'numeric' : 'decimal'}
      value={shown}
      onBlur={() => setTyped(undefined)}
      onChange={(event) => {
        const next = event.target.value;
        setTyped(next);
        const number = Number(next.replace(',', '.'));
        if (next.trim() === '') set(null);
        else if (Number.isFinite(number) && (!isWhole || Number.isInteger(number))) set(number);
      }}
    />
  );
}

const MAX_ITEMS = 200;

function List({ field, value, path, change }: PartProps): ReactElement {
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const { item } = field;
  if (item === undefined) return <></>;
  const add = (): void => change((text) => setJson(text, [...path, items.length], emptyValue(item)));
  return (
    <fieldset className="templates-form-group">
      <legend>
        {field.label} <span className="muted">{items.length}</span>
      </legend>
      <ol className="templates-form-items">
        {items.slice(0, MAX_ITEMS).map((each, index) => (
          <li key={index}>
            <div className="templates-form-item">
              <Part
                field={{ ...item, label: `${index + 1}${titleOf(each)}` }}
                value={each}
                path={[...path, index]}
                change={change}
              />
            </div>
            <div className="templates-form-tools">
              <IconButton
                size="s"
                label={`Move item ${index + 1} up`}
                icon={<ArrowUp />}
                disabled={index === 0}
                onClick={() => change((text) => moveItem(text, path, index, index - 1))}
              />
              <IconButton
                size="s"
                label={`Move item ${index + 1} down`}
                icon={<ArrowDown />}
                disabled={index === items.length - 1}
                onClick={() => change((text) => moveItem(text, path, index, index + 1))}
              />
              <IconButton
                size="s"
                label={`Remove item ${index + 1}`}
                icon={<Trash2 />}
                onClick={() => change((text) => setJson(text, [...path, index], undefined))}
              />
            </div>
          </li>
        ))}
      </ol>
      {items.length > MAX_ITEMS && (
        <p className="muted">The other {items.length - MAX_ITEMS} can be edited as JSON.</p>
      )}
      <Button size="s" icon={<Plus />} onClick={add}>
        Add<span className="visually-hidden"> to {field.label}</span>
      </Button>
    </fieldset>
  );
}

/** The first text of an item says which one it is. */
function titleOf(value: unknown): string {
  if (!isObject(value)) return '';
  const text = Object.values(value).find((part) => typeof part === 'string' && part !== '');
  return typeof text === 'string' ? ` · ${text.slice(0, 40)}` : '';
}
