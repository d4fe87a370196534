/** The settings of the document: `influxion.json` as a form, and a builder for headers and footers. */
import { useMemo, type ReactElement } from 'react';
import { PAPER_SIZES, type PaperName } from '../../../../contract/page.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { TextArea } from '../../../ui/input.tsx';
import { Select } from '../../../ui/select.tsx';
import { MANIFEST_PATH } from '../files/views.ts';
import { useTemplates, useWorkspace } from '../screen/workspace-context.tsx';
import { AttachmentsSection } from './attachments-section.tsx';
import { HeaderFooter } from './header-footer.tsx';
import { EMPTY_MANIFEST, openManifest, type ManifestForm } from './manifest-form.ts';
import { MetadataSection } from './metadata-section.tsx';
import { SignatureSection } from './signature-section.tsx';
import { StandardSection } from './standard-section.tsx';
import { SwitchOption } from './switch-option.tsx';
import { TextOption } from './text-option.tsx';
import './document-view.css';

const SIDES = ['top', 'right', 'bottom', 'left'] as const;

export function DocumentView(): ReactElement {
  const workspace = useWorkspace();
  const text = useTemplates((state) => state.texts[MANIFEST_PATH]) ?? EMPTY_MANIFEST;
  const form = useMemo(
    () => openManifest(text, (changed) => workspace.edit(MANIFEST_PATH, changed)),
    [text, workspace],
  );
  if (form === undefined) {
    return (
      <div className="templates-document">
        <p role="alert">
          influxion.json is not valid JSON, so its settings cannot be shown.{' '}
          <Button size="s" onClick={() => workspace.show({ kind: 'file', path: MANIFEST_PATH })}>
            Open influxion.json
          </Button>
        </p>
      </div>
    );
  }
  const option = (name: string, value: unknown): void => form.set(['options', name], value);
  const textOption = (name: string, label: string, help: string, placeholder: string): ReactElement => (
    <TextOption
      label={label}
      help={help}
      placeholder={placeholder}
      error={form.fault('options', name)}
      value={form.at('options', name)}
      onValue={(value) => option(name, value)}
    />
  );
  const flag = (name: string, label: string, help: string, usual = false): ReactElement => (
    <SwitchOption
      label={label}
      help={help}
      isOn={(form.at('options', name) ?? usual) === true}
      onTurn={(on) => option(name, on === usual ? undefined : on)}
    />
  );
  const description = form.at('description');

  return (
    <form
      className="templates-document"
      aria-label="Document settings"
      onSubmit={(event) => event.preventDefault()}
    >
      <section aria-labelledby="document-about">
        <h2 id="document-about">About</h2>
        <TextOption
          label="Name"
          help="What people see in lists. Without it the name of the folder."
          error={form.fault('name')}
          value={form.at('name')}
          onValue={(value) => form.set(['name'], value)}
        />
        <Field label="Description" error={form.fault('description')}>
          {(control) => (
            <TextArea
              {...control}
              rows={2}
              value={typeof description === 'string' ? description : ''}
              onChange={(event) =>
                form.set(['description'], event.target.value === '' ? undefined : event.target.value)
              }
            />
          )}
        </Field>
      </section>

      <section aria-labelledby="document-paper">
        <h2 id="document-paper">Paper</h2>
        <PaperSize
          value={form.at('options', 'page_size')}
          fault={form.fault('options', 'page_size')}
          onValue={(value) => option('page_size', value)}
        />
        {flag('landscape', 'Landscape', 'Turns the paper on its side.')}
        <Margins form={form} />
        {flag('background', 'Print background colours and images', 'Off saves ink on office printers.', true)}
      </section>

      <HeaderFooter
        header={form.at('options', 'header_html')}
        footer={form.at('options', 'footer_html')}
        onHeader={(value) => option('header_html', value)}
        onFooter={(value) => option('footer_html', value)}
      />

      <StandardSection form={form} />
      <SignatureSection form={form} />
      <MetadataSection form={form} />
      <AttachmentsSection form={form} />

      <section aria-labelledby="document-language">
        <h2 id="document-language">Language and time</h2>
        {textOption(
          'locale',
          'Locale',
          'How helpers write numbers, money and dates: de-AT, fr, en-GB.',
          'en',
        )}
        {textOption('time_zone', 'Time zone', 'Whose clock dates are shown by: Europe/Vienna.', 'UTC')}
      </section>

      <section aria-labelledby="document-behaviour">
        <h2 id="document-behaviour">Behaviour</h2>
        {flag('outline', 'Bookmarks', 'Headings become the outline that PDF readers show beside the pages.')}
        {flag(
          'strict',
          'Strict data',
          'A field that the data lacks fails the job instead of printing nothing.',
        )}
        {flag(
          'scripts',
          'Run scripts',
          'Scripts of the template run while it is laid out, always without network.',
        )}
      </section>
    </form>
  );
}

const CUSTOM = 'custom';
const FROM_CSS = 'css';

function PaperSize({
  value,
  fault,
  onValue,
}: {
  readonly value: unknown;
  readonly fault: string | undefined;
  readonly onValue: (value: unknown) => void;
}): ReactElement {
  const custom =
    typeof value === 'object' && value !== null ? (value as { width?: string; height?: string }) : undefined;
  const chosen = custom === undefined ? (typeof value === 'string' ? value : FROM_CSS) : CUSTOM;
  const names = Object.keys(PAPER_SIZES) as PaperName[];
  return (
    <>
      <Field
        label="Paper size"
        error={fault}
        help="@page { size } in the style sheet decides when none is chosen; else A4."
      >
        {(control) => (
          <Select
            {...control}
            value={chosen}
            options={[
              { value: FROM_CSS, label: 'As the style sheet says' },
              ...names.map((name) => ({
                value: name,
                label: `${name} (${PAPER_SIZES[name].join(' × ')} mm)`,
              })),
              { value: CUSTOM, label: 'Own size' },
            ]}
            onValue={(size) =>
              onValue(
                size === FROM_CSS ? undefined : size === CUSTOM ? { width: '210mm', height: '297mm' } : size,
              )
            }
          />
        )}
      </Field>
      {custom !== undefined && (
        <div className="templates-document-row">
          {(['width', 'height'] as const).map((side) => (
            <TextOption
              key={side}
              label={side === 'width' ? 'Width' : 'Height'}
              placeholder="210mm"
              error={undefined}
              value={custom[side]}
              onValue={(length) => onValue({ ...custom, [side]: length ?? '' })}
            />
          ))}
        </div>
      )}
    </>
  );
}

function Margins({ form }: { readonly form: ManifestForm }): ReactElement {
  const value = form.at('options', 'margin');
  const all = typeof value === 'string' ? value : undefined;
  const sides =
    typeof value === 'object' && value !== null ? (value as Record<string, string | undefined>) : {};
  const fault = form.fault('options', 'margin');
  return (
    <fieldset className="templates-document-margins">
      <legend>Margins</legend>
      <p className="ui-field-help">
        A length with its unit (15mm, 0.5in). @page {'{'} margin {'}'} in the style sheet wins. Without either
        10mm.
      </p>
      <div className="templates-document-row">
        {SIDES.map((side) => (
          <TextOption
            key={side}
            label={side.charAt(0).toUpperCase() + side.slice(1)}
            placeholder="10mm"
            error={form.fault('options', 'margin', side) ?? fault}
            value={sides[side] ?? all}
            onValue={(length) => {
              const before = all === undefined ? sides : Object.fromEntries(SIDES.map((each) => [each, all]));
              const next = Object.fromEntries(
                Object.entries({ ...before, [side]: length }).filter(([, each]) => each !== undefined),
              );
              form.set(['options', 'margin'], Object.keys(next).length === 0 ? undefined : next);
            }}
          />
        ))}
      </div>
    </fieldset>
  );
}
