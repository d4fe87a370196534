import type { StudioStatus } from '../../contract/studio/app.ts';
import { assertAllowList } from '../webhooks/webhooks.ts';
import { setTimeStampPassword } from '../pdf/signing/network-settings.ts';
import type { SecretStore } from '../ports.ts';
import type { StudioHandlers } from './router.ts';
import type { SettingsStore } from './settings-store.ts';

export interface AppHandlerDeps {
  readonly status: () => StudioStatus;
  readonly diagnostics: () => Promise<string>;
  readonly settings: SettingsStore;
  readonly secrets: Pick<SecretStore, 'set' | 'delete'>;
  /** Resolves when a change of the settings has taken effect. */
  readonly settled: () => Promise<void>;
}

type AppHandlers = Pick<
  StudioHandlers,
  'app.status' | 'app.diagnostics' | 'settings.read' | 'settings.write' | 'signing.set_password'
>;

/** The app itself: what runs, how it is set. */
export function createAppHandlers({
  status,
  diagnostics,
  settings,
  settled,
  secrets,
}: AppHandlerDeps): AppHandlers {
  return {
    'app.status': () => status(),
    'app.diagnostics': async () => ({ text: await diagnostics() }),
    'settings.read': () => settings.current,
    'settings.write': async ({ patch }) => {
      assertAllowList(patch.webhooks?.allowed ?? []);
      const changed = await settings.write(patch);
      // So that whoever asks next for the state of the API is told the new one.
      await settled();
      return changed;
    },
    'signing.set_password': async ({ password }) => {
      await setTimeStampPassword(secrets, password);
      return {};
    },
  };
}
