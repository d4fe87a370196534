import { Monitor, Moon, Sun } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { chooseTheme } from '../../ui/theme.ts';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { About } from './about.tsx';
import { AllowedAddresses } from './allowed-addresses.tsx';
import { ApiSettings } from './api-settings.tsx';
import { BrokerFacts } from './broker-facts.tsx';
import { RetentionSettings } from './retention-settings.tsx';
import './settings-screen.css';
import { SigningSettings } from './signing-settings.tsx';
import { useSettings } from './use-settings.ts';
import { WorkSettings } from './work-settings.tsx';

const THEMES = [
  { value: 'system', label: 'System', icon: <Monitor aria-hidden="true" /> },
  { value: 'light', label: 'Light', icon: <Sun aria-hidden="true" /> },
  { value: 'dark', label: 'Dark', icon: <Moon aria-hidden="true" /> },
] as const;

/** How the studio looks, who may use the API, how much is taken on, how long jobs are kept, and what runs here. */
export function SettingsScreen(): ReactElement {
  const { settings, failure, save } = useSettings();
  return (
    <div className="settings-screen">
      <h2>Settings</h2>
      {failure !== undefined && (
        <FailureNote
          failure={failure}
          title={settings === undefined ? 'The settings could not be read' : 'The change was not kept'}
        />
      )}
      {settings === undefined ? (
        failure === undefined && <Spinner label="Reading the settings" />
      ) : (
        <>
          <Section title="Appearance" help="Light, dark, or as the system says.">
            <Segmented
              label="Theme"
              options={THEMES}
              value={settings.theme}
              onValue={(theme) => {
                chooseTheme(theme);
                save({ theme });
              }}
            />
          </Section>
          <Section title="API" help="Programs generate documents over HTTP. Changes take effect at once.">
            <ApiSettings api={settings.api} save={save} />
          </Section>
          <Section
            title="Signing"
            help="Signatures reach nobody but those who are set here. The keys themselves are under Keys."
          >
            <SigningSettings signing={settings.signing} save={save} />
          </Section>
          <Section
            title="Work"
            help="How much this computer takes on. What says so takes effect at the next start."
          >
            <WorkSettings work={settings.work} save={save} />
          </Section>
          <Section
            title="Documents"
            help="What a document can reach while it is made. It holds for every template and cannot be switched off."
          >
            <p>
              No document reaches the network: images, styles and fonts come from its template and its request
              alone, and what it asks of elsewhere is blocked and told as a warning. Fonts are those of the
              template&rsquo;s folder <code>fonts/</code>, those that come with Influxion, and those that this
              computer has.
            </p>
          </Section>
          <Section
            title="Webhooks"
            help="Programs can ask to be told when their work has ended. Nobody else is ever told."
          >
            <AllowedAddresses webhooks={settings.webhooks} save={save} />
          </Section>
          <Section title="RabbitMQ" help="Other computers that work for this one.">
            <BrokerFacts />
          </Section>
          <Section
            title="Finished jobs"
            help="Documents and their requests are deleted when one of these is reached, the oldest first. Files that you saved stay."
          >
            <RetentionSettings retention={settings.retention} save={save} />
          </Section>
        </>
      )}
      <Section title="About" help="What runs here, for a report when something goes wrong.">
        <About />
      </Section>
    </div>
  );
}

interface SectionProps {
  readonly title: string;
  readonly help: string;
  readonly children: ReactNode;
}

function Section({ title, help, children }: SectionProps): ReactElement {
  return (
    <section className="settings-section" aria-label={title}>
      <div>
        <h3>{title}</h3>
        <p className="muted">{help}</p>
      </div>
      <div className="settings-controls">{children}</div>
    </section>
  );
}
