import { useState, type ReactElement } from 'react';
import { Field } from '../../../ui/field.tsx';
import { Input, TextArea } from '../../../ui/input.tsx';
import type { ManifestForm } from './manifest-form.ts';
import { TextOption } from './text-option.tsx';

const TEXTS = [
  { name: 'title', label: 'Title', help: 'Shown in the title bar of readers. Without it what <title> says.' },
  { name: 'author', label: 'Author', help: 'Without it what <meta name="author"> says.' },
] as const;

/** What the file says about itself. */
export function MetadataSection({ form }: { readonly form: ManifestForm }): ReactElement {
  const subject = form.at('metadata', 'subject');
  return (
    <section aria-labelledby="document-metadata">
      <h2 id="document-metadata">Metadata</h2>
      <p className="ui-field-help">
        What readers, archives and search engines are told. The same for every document of the template; what
        differs from document to document stands in the HTML or comes with the request.
      </p>
      {TEXTS.map(({ name, label, help }) => (
        <TextOption
          key={name}
          label={label}
          help={help}
          error={form.fault('metadata', name)}
          value={form.at('metadata', name)}
          onValue={(value) => form.set(['metadata', name], value)}
        />
      ))}
      <Field label="Subject" error={form.fault('metadata', 'subject')}>
        {(control) => (
          <TextArea
            {...control}
            rows={2}
            value={typeof subject === 'string' ? subject : ''}
            onChange={({ target }) =>
              form.set(['metadata', 'subject'], target.value === '' ? undefined : target.value)
            }
          />
        )}
      </Field>
      <Keywords
        value={form.at('metadata', 'keywords')}
        error={form.fault('metadata', 'keywords')}
        onValue={(words) => form.set(['metadata', 'keywords'], words)}
      />
      <TextOption
        label="Language"
        placeholder="de-AT"
        help="Of the text, for screen readers: de-AT, en, fr. Without it what <html lang> says."
        error={form.fault('metadata', 'language')}
        value={form.at('metadata', 'language')}
        onValue={(value) => form.set(['metadata', 'language'], value)}
      />
    </section>
  );
}

const wordsIn = (text: string): string[] =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

interface KeywordsProps {
  readonly value: unknown;
  readonly error: string | undefined;
  readonly onValue: (words: readonly string[] | undefined) => void;
}

function Keywords({ value, error, onValue }: KeywordsProps): ReactElement {
  const [draft, setDraft] = useState<string>();
  const kept = Array.isArray(value) ? value.map(String) : [];
  // What is being typed stands as it is, unless the file says something else by now.
  const text = draft !== undefined && wordsIn(draft).join() === kept.join() ? draft : kept.join(', ');
  return (
    <Field label="Keywords" help="Parted by commas." error={error}>
      {(control) => (
        <Input
          {...control}
          value={text}
          onChange={({ target }) => {
            setDraft(target.value);
            const words = wordsIn(target.value);
            onValue(words.length === 0 ? undefined : words);
          }}
        />
      )}
    </Field>
  );
}
