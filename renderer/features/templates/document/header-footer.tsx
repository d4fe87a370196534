/** Puts page numbers, dates and texts into the margins of pages. */
import { useState, type ReactElement } from 'react';
import { Button } from '../../../ui/button.tsx';
import { Field } from '../../../ui/field.tsx';
import { Input, TextArea } from '../../../ui/input.tsx';
import { Select } from '../../../ui/select.tsx';
import { toast } from '../../../ui/toast.tsx';
import { CSS_PATH } from '../files/views.ts';
import { useTemplates, useWorkspace } from '../screen/workspace-context.tsx';
import {
  BOX_POSITIONS,
  marginBoxRule,
  PAGE_SELECTORS,
  withMarginBox,
  type BoxContent,
  type BoxPosition,
  type PageSelector,
} from './margin-boxes.ts';

const PAGES: Record<PageSelector, string> = {
  all: 'Every page',
  first: 'First page',
  left: 'Left pages',
  right: 'Right pages',
};

const CONTENTS: Record<BoxContent['kind'], string> = {
  'page-of-pages': 'Page number of all: 2 / 5',
  page: 'Page number: 2',
  date: "Today's date",
  text: 'Own text',
  field: 'A field of the data',
  nothing: 'Nothing (hides it on these pages)',
};

const spoken = (position: BoxPosition): string => {
  const [side = '', place = ''] = position.split('-');
  return `${side.charAt(0).toUpperCase()}${side.slice(1)} ${place}`;
};

export interface HeaderFooterProps {
  readonly header: unknown;
  readonly footer: unknown;
  readonly onHeader: (html: string | undefined) => void;
  readonly onFooter: (html: string | undefined) => void;
}

export function HeaderFooter({ header, footer, onHeader, onFooter }: HeaderFooterProps): ReactElement {
  const workspace = useWorkspace();
  const css = useTemplates((state) => state.texts[CSS_PATH] ?? '');
  const [pages, setPages] = useState<PageSelector>('all');
  const [position, setPosition] = useState<BoxPosition>('bottom-right');
  const [kind, setKind] = useState<BoxContent['kind']>('page-of-pages');
  const [text, setText] = useState('');
  const needsText = kind === 'text' || kind === 'field';
  const content: BoxContent =
    kind === 'text' ? { kind, text } : kind === 'field' ? { kind, path: text.trim() } : { kind };
  const isReady = !needsText || (kind === 'text' ? text !== '' : /^[\w.@[\] -]+$/.test(text.trim()));
  const box = { pages, position, content };
  const insert = (): void => {
    workspace.edit(CSS_PATH, withMarginBox(css, box));
    toast({
      title: `Put into ${CSS_PATH}`,
      tone: 'ok',
      action: { label: 'Show', run: () => workspace.show({ kind: 'file', path: CSS_PATH }) },
    });
  };
  return (
    <section aria-labelledby="document-margins">
      <h2 id="document-margins">Header and footer</h2>
      <p className="ui-field-help">
        Choose what stands where in the margin; it is written into the style sheet, where it can be changed
        like any other rule.
      </p>
      <div className="templates-document-row">
        <Field label="Pages">
          {(control) => (
            <Select
              {...control}
              value={pages}
              options={PAGE_SELECTORS.map((value) => ({ value, label: PAGES[value] }))}
              onValue={setPages}
            />
          )}
        </Field>
        <Field label="Place">
          {(control) => (
            <Select
              {...control}
              value={position}
              options={BOX_POSITIONS.map((value) => ({ value, label: spoken(value) }))}
              onValue={setPosition}
            />
          )}
        </Field>
        <Field label="Content">
          {(control) => (
            <Select
              {...control}
              value={kind}
              options={Object.entries(CONTENTS).map(([value, label]) => ({
                value: value as BoxContent['kind'],
                label,
              }))}
              onValue={setKind}
            />
          )}
        </Field>
      </div>
      {needsText && (
        <Field label={kind === 'text' ? 'Text' : 'Field'}>
          {(control) => (
            <Input
              {...control}
              placeholder={kind === 'text' ? 'Confidential' : 'seller.name'}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
      )}
      {isReady && (
        <pre className="templates-document-code">
          <code>{marginBoxRule(box)}</code>
        </pre>
      )}
      <Button className="templates-document-insert" disabled={!isReady} onClick={insert}>
        Put into the style sheet
      </Button>
      <details className="templates-document-more">
        <summary>Header and footer as HTML</summary>
        <p className="ui-field-help">
          For more than a line of text. Handlebars runs here too; elements of the classes pageNumber,
          totalPages, date and title are filled in when the document is printed.
        </p>
        {(
          [
            ['Header', header, onHeader],
            ['Footer', footer, onFooter],
          ] as const
        ).map(([label, value, onValue]) => (
          <Field key={label} label={label}>
            {(control) => (
              <TextArea
                {...control}
                mono
                rows={4}
                spellCheck={false}
                placeholder={'<p>Page <span class="pageNumber"></span></p>'}
                value={typeof value === 'string' ? value : ''}
                onChange={(event) => onValue(event.target.value === '' ? undefined : event.target.value)}
              />
            )}
          </Field>
        ))}
      </details>
    </section>
  );
}
