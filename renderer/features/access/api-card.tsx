import { Laptop, Network, PlugZap, TriangleAlert } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import type { ApiState } from '../../../contract/studio/api.ts';
import { Badge, type Tone } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { CopyLine } from './copy-line.tsx';

const MODES: Record<
  ApiState['mode'],
  { readonly text: string; readonly tone: Tone; readonly icon: ReactNode }
> = {
  off: { text: 'Off', tone: 'plain', icon: <PlugZap aria-hidden="true" /> },
  computer: { text: 'This computer only', tone: 'ok', icon: <Laptop aria-hidden="true" /> },
  lan: { text: 'Open to the local network', tone: 'run', icon: <Network aria-hidden="true" /> },
};

export interface ApiCardProps {
  readonly api: ApiState;
  readonly openSettings: () => void;
}

/** Where programs find the API. */
export function ApiCard({ api, openSettings }: ApiCardProps): ReactElement {
  const mode = MODES[api.mode];
  return (
    <section className="access-section" aria-label="Address">
      <div className="access-head">
        <h3>Address</h3>
        <Badge tone={mode.tone} icon={mode.icon}>
          {mode.text}
        </Badge>
        <span className="access-space" />
        <Button size="s" onClick={openSettings}>
          Change
        </Button>
      </div>
      {api.problem !== null && (
        <p className="access-problem" role="alert">
          <TriangleAlert aria-hidden="true" />
          {api.problem}
        </p>
      )}
      {api.mode === 'off' && api.problem === null && (
        <p className="muted">
          Programs cannot reach Influxion. Open it in the settings to generate over HTTP.
        </p>
      )}
      {api.urls.map((url) => (
        <CopyLine key={url} text={url} what={`the address ${url}`} />
      ))}
      {api.fingerprint !== null && (
        <div className="access-fingerprint">
          <p>
            Fingerprint of the certificate (SHA-256). Compare it on the other computer before you trust it
            there.
          </p>
          <CopyLine text={api.fingerprint} what="the fingerprint" />
        </div>
      )}
    </section>
  );
}
