import { useState, type ReactElement } from 'react';
import { CopyButton } from '../../ui/copy-button.tsx';
import { ReferenceLink } from '../../ui/reference-link.tsx';
import { TabPanel, Tabs } from '../../ui/tabs.tsx';
import { LANGUAGE_NAMES, LANGUAGES, snippet, type Language } from './snippets.ts';

const TABS = LANGUAGES.map((id) => ({ id, label: LANGUAGE_NAMES[id] }));

export interface SnippetPanelProps {
  readonly url: string;
  readonly templateId: string;
  /** Address of the API's reference; undefined while it has none. */
  readonly reference: string | undefined;
}

/** The open template from another program. */
export function SnippetPanel({ url, templateId, reference }: SnippetPanelProps): ReactElement {
  const [language, setLanguage] = useState<Language>('curl');
  const code = snippet(language, { url, templateId });
  return (
    <section className="access-section" aria-label="Snippet">
      <div className="access-head">
        <h3>
          Generate <code>{templateId}</code>
        </h3>
        <span className="access-space" />
        <ReferenceLink url={reference} />
      </div>
      <p className="muted">
        Put the data into <code>data.json</code>, the client id and secret into{' '}
        <code>INFLUXION_CLIENT_ID</code> and <code>INFLUXION_CLIENT_SECRET</code>.
      </p>
      <Tabs
        className="access-snippets"
        label="Language"
        tabs={TABS}
        value={language}
        onValue={setLanguage}
        actions={<CopyButton size="s" text={code} what={`the ${LANGUAGE_NAMES[language]} program`} />}
      >
        <TabPanel id={language}>
          <pre tabIndex={0} aria-label={`${LANGUAGE_NAMES[language]} program`}>
            <code>{code}</code>
          </pre>
        </TabPanel>
      </Tabs>
    </section>
  );
}
