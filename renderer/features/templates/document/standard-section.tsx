import type { ReactElement } from 'react';
import { Field } from '../../../ui/field.tsx';
import { Select } from '../../../ui/select.tsx';
import type { ManifestForm } from './manifest-form.ts';
import { SwitchOption } from './switch-option.tsx';
import {
  chosenOption,
  NONE,
  OTHER,
  sentenceOf,
  STANDARD_OPTIONS,
  standardFrom,
  standardsOfOption,
} from './standards.ts';

const TRANSPARENCY = [
  { value: 'error', label: 'Fail, and say which page and what makes it' },
  { value: 'flatten', label: 'Mix the colours before printing' },
  { value: 'raster', label: 'Make pictures of the pages concerned, with text that can be selected' },
] as const;

/** Which standard the document meets, and what is done for it. */
export function StandardSection({ form }: { readonly form: ManifestForm }): ReactElement {
  const chosen = chosenOption(form.at('pdf_standard'));
  const transparency = form.at('options', 'transparency');
  const isOne = standardsOfOption(chosen).some((standard) => standard.startsWith('pdf/a-1'));
  return (
    <section aria-labelledby="document-standard">
      <h2 id="document-standard">Standard</h2>
      <Field
        label="The document meets"
        error={form.fault('pdf_standard')}
        help={`${sentenceOf(chosen)}${chosen === NONE ? '' : ' The preview shows at once whether it is met, and a job is only Done when its file was checked.'}`}
      >
        {(control) => (
          <Select
            {...control}
            value={chosen}
            options={
              chosen === OTHER
                ? [{ value: OTHER, label: 'What influxion.json says', disabled: true }, ...STANDARD_OPTIONS]
                : STANDARD_OPTIONS
            }
            onValue={(option) => form.set(['pdf_standard'], standardFrom(option))}
          />
        )}
      </Field>
      {isOne && (
        <Field
          label="Transparency"
          error={form.fault('options', 'transparency')}
          help="PDF/A-1 forbids it; shadows, opacity and see-through pictures make it."
        >
          {(control) => (
            <Select
              {...control}
              value={TRANSPARENCY.find(({ value }) => value === transparency)?.value ?? 'error'}
              options={TRANSPARENCY}
              onValue={(value) =>
                form.set(['options', 'transparency'], value === 'error' ? undefined : value)
              }
            />
          )}
        </Field>
      )}
      <SwitchOption
        label="Reproducible"
        help="The same template and data give the same bytes: dates and ids come from them, not from the clock."
        isOn={form.at('options', 'reproducible') === true}
        onTurn={(on) => form.set(['options', 'reproducible'], on ? true : undefined)}
      />
    </section>
  );
}
