import type { ReactElement } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { Field } from '../../../ui/field.tsx';
import { TextArea } from '../../../ui/input.tsx';
import { Select } from '../../../ui/select.tsx';
import { useTemplates } from '../screen/workspace-context.tsx';
import type { ManifestForm } from './manifest-form.ts';
import { NumberOption } from './number-option.tsx';
import { TextOption } from './text-option.tsx';

const PLACES = [
  { value: 'none', label: 'Not on the page' },
  { value: 'element', label: 'In an element of the page' },
  { value: 'coordinates', label: 'At a place of a page' },
] as const;
type Where = (typeof PLACES)[number]['value'];

/** Points: about 6 × 2 cm, in the lower left of A4. */
const FIRST_BOX = { page: 1, x: 57, y: 730, width: 170, height: 57 };
const FIRST_ANCHOR = { anchor: '#signature' };

const NUMBERS = [
  ['page', 'Page'],
  ['x', 'From left'],
  ['y', 'From top'],
  ['width', 'Width'],
  ['height', 'Height'],
] as const;

const PATH = ['signature', 'visible'] as const;

/** Whether and where the signature shows on a page. */
export function VisibleSignature({ form }: { readonly form: ManifestForm }): ReactElement {
  const visible = form.at(...PATH) as Readonly<Record<string, unknown>> | null | undefined;
  const where: Where =
    visible === undefined || visible === null ? 'none' : 'anchor' in visible ? 'element' : 'coordinates';
  const place = (chosen: Where): void => {
    const kept = { ...(visible?.['text'] != null && { text: visible['text'] }) };
    if (chosen === 'none') form.set([...PATH], undefined);
    else form.set([...PATH], { ...(chosen === 'element' ? FIRST_ANCHOR : FIRST_BOX), ...kept });
  };
  const isWrong = form.isWrong(...PATH);
  return (
    <>
      <Field label="Shown">
        {(control) => <Select {...control} value={where} options={PLACES} onValue={place} />}
      </Field>
      {where === 'element' && (
        <TextOption
          label="Element"
          help="A CSS selector. The signature fills the box of the first element that it finds; give that a width and a height."
          error={isWrong ? 'Name the element, such as #signature' : undefined}
          value={visible?.['anchor']}
          onValue={(anchor) => form.set([...PATH, 'anchor'], anchor ?? '')}
        />
      )}
      {where === 'coordinates' && (
        <>
          <div className="templates-document-row">
            {NUMBERS.map(([name, label]) => (
              <NumberOption
                key={name}
                label={label}
                value={visible?.[name]}
                onValue={(number) => form.set([...PATH, name], number)}
              />
            ))}
          </div>
          <p className="ui-field-help">In points: 72 are an inch, 28.35 a centimetre.</p>
          {isWrong && (
            <p className="ui-field-error" role="alert">
              Pages count from 1, and a width and a height are above 0.
            </p>
          )}
        </>
      )}
      {where !== 'none' && <Looks form={form} visible={visible ?? {}} />}
    </>
  );
}

const NO_IMAGE = '';

function Looks({
  form,
  visible,
}: {
  readonly form: ManifestForm;
  readonly visible: Readonly<Record<string, unknown>>;
}): ReactElement {
  const images = useTemplates(
    useShallow((state) =>
      state.files.map(({ path }) => path).filter((path) => /\.(?:png|jpe?g)$/i.test(path)),
    ),
  );
  const image = typeof visible['image'] === 'string' ? visible['image'] : NO_IMAGE;
  return (
    <>
      <Field label="Text" help="Without it the name of the signer and the time.">
        {(control) => (
          <TextArea
            {...control}
            rows={2}
            value={typeof visible['text'] === 'string' ? visible['text'] : ''}
            onChange={({ target }) =>
              form.set([...PATH, 'text'], target.value === '' ? undefined : target.value)
            }
          />
        )}
      </Field>
      <Field label="Picture" help="A PNG or JPEG among the images of the template.">
        {(control) => (
          <Select
            {...control}
            value={image}
            options={[
              { value: NO_IMAGE, label: 'None' },
              ...[...new Set([...images, ...(image === NO_IMAGE ? [] : [image])])].map((path) => ({
                value: path,
                label: path,
              })),
            ]}
            onValue={(path) => form.set([...PATH, 'image'], path === NO_IMAGE ? undefined : path)}
          />
        )}
      </Field>
    </>
  );
}
