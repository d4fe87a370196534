/** The settings of the document: `influxion.json` as a form, and a builder for headers and footers. */
import { useMemo, type ReactElement } from 'react';
import { PAPER_SIZES, type PaperName, type PrintOptions } from '../../../../contract/page.ts';
import { TemplateManifest } from '../../../../contract/template.ts';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { TextArea } from '../../../ui/input.tsx';
import { Select } from '../../../ui/select.tsx';
import { Switch } from '../../../ui/toggle.tsx';
import { setJson, type JsonPath } from '../data/json-text.ts';
import { MANIFEST_PATH } from '../files/views.ts';
import { useTemplates, useWorkspace } from '../screen/workspace-context.tsx';
import { HeaderFooter } from './header-footer.tsx';
import { TextOption } from './text-option.tsx';
import './document-view.css';

const EMPTY = '{}\n';
const SIDES = ['top', 'right', 'bottom', 'left'] as const;

interface Read {
  readonly manifest: Record<string, unknown> & { readonly options?: PrintOptions };
  /** Faults by path, `options.margin.top`. */
  readonly faults: ReadonlyMap<string, string>;
}

/** Undefined when the text is not JSON. */
function read(text: string): Read | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const checked = TemplateManifest.safeParse(value);
  const faults = new Map((checked.error?.issues ?? []).map((issue) => [issue.path.join('.'), issue.message]));
  return { manifest: value as Read['manifest'], faults };
}

export function DocumentView(): ReactElement {
  const workspace = useWorkspace();
  const text = useTemplates((state) => state.texts[MANIFEST_PATH]) ?? EMPTY;
  const known = useMemo(() => read(text), [text]);
  if (known === undefined) {
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
  const { manifest, faults } = known;
  const options = (manifest.options ?? {}) as Readonly<Record<string, unknown>>;
  const set = (path: JsonPath, value: unknown): void =>
    workspace.edit(MANIFEST_PATH, setJson(text, path, value));
  const option = (name: string, value: unknown): void => set(['options', name], value);
  const faultOf = (path: string): string | undefined => faults.get(path);
  const textOption = (name: string, label: string, help: string, placeholder: string): ReactElement => (
    <TextOption
      label={label}
      help={help}
      placeholder={placeholder}
      error={faultOf(`options.${name}`)}
      value={options[name]}
      onValue={(value) => option(name, value)}
    />
  );
  const flag = (name: string, label: string, help: string, usual = false): ReactElement => (
    <div className="templates-document-flag">
      <Switch
        checked={(options[name] ?? usual) === true}
        onChecked={(on) => option(name, on === usual ? undefined : on)}
      >
        {label}
      </Switch>
      <p className="ui-field-help">{help}</p>
    </div>
  );

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
          error={faultOf('name')}
          value={manifest['name']}
          onValue={(value) => set(['name'], value)}
        />
        <Field label="Description" error={faultOf('description')}>
          {(control) => (
            <TextArea
              {...control}
              rows={2}
              value={typeof manifest['description'] === 'string' ? manifest['description'] : ''}
              onChange={(event) =>
                set(['description'], event.target.value === '' ? undefined : event.target.value)
              }
            />
          )}
        </Field>
      </section>

      <section aria-labelledby="document-paper">
        <h2 id="document-paper">Paper</h2>
        <PaperSize
          value={options['page_size']}
          fault={faultOf('options.page_size')}
          onValue={(value) => option('page_size', value)}
        />
        {flag('landscape', 'Landscape', 'Turns the paper on its side.')}
        <Margins value={options['margin']} faults={faults} onValue={(value) => option('margin', value)} />
        {flag('background', 'Print background colours and images', 'Off saves ink on office printers.', true)}
      </section>

      <HeaderFooter
        header={options['header_html']}
        footer={options['footer_html']}
        onHeader={(value) => option('header_html', value)}
        onFooter={(value) => option('footer_html', value)}
      />

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

function Margins({
  value,
  faults,
  onValue,
}: {
  readonly value: unknown;
  readonly faults: Read['faults'];
  readonly onValue: (value: unknown) => void;
}): ReactElement {
  const all = typeof value === 'string' ? value : undefined;
  const sides =
    typeof value === 'object' && value !== null ? (value as Record<string, string | undefined>) : {};
  const fault = faults.get('options.margin');
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
            error={faults.get(`options.margin.${side}`) ?? fault}
            value={sides[side] ?? all}
            onValue={(length) => {
              const before = all === undefined ? sides : Object.fromEntries(SIDES.map((each) => [each, all]));
              const next = Object.fromEntries(
                Object.entries({ ...before, [side]: length }).filter(([, each]) => each !== undefined),
              );
              onValue(Object.keys(next).length === 0 ? undefined : next);
            }}
          />
        ))}
      </div>
    </fieldset>
  );
}
