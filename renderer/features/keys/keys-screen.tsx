import { KeyRound, Plus, Upload } from 'lucide-react';
import { useState, type ReactElement } from 'react';
import type { KeyFacts } from '../../../contract/key.ts';
import type { StudioEvent } from '../../../contract/studio/event.ts';
import { useRoute } from '../../host/use-route.ts';
import { Button } from '../../ui/button.tsx';
import { commonName } from '../../ui/certificate-name.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Entry, EntryList } from '../../ui/list-and-details.tsx';
import { ScreenHead } from '../../ui/screen.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { CreateKeyDialog } from './create-key-dialog.tsx';
import { ImportKeyDialog } from './import-key-dialog.tsx';
import { KeyDetails } from './key-details.tsx';
import { keyKind, validityOf } from './key-words.ts';
import { askKeys, openKey, useKeysScreen } from './keys-store.ts';
import './keys-screen.css';
import { RemoveKeyDialog } from './remove-key-dialog.tsx';

const areOther = (event: StudioEvent): boolean => event.type === 'keys.changed';

/** The keys that sign documents: which there are, until when, and how they are kept. */
export function KeysScreen(): ReactElement {
  const { data, failure, refresh } = useRoute('keys.list', {}, { refreshOn: areOther });
  const { dialog, openId } = useKeysScreen();
  // Days are counted: when the screen was opened is near enough.
  const [now] = useState(Date.now);
  const close = (): void => askKeys(undefined);
  const keys = data?.keys;
  const shown = keys?.find(({ id }) => id === openId) ?? keys?.[0];
  const onKept = ({ id }: KeyFacts): void => {
    openKey(id);
    refresh();
    close();
  };
  return (
    <FileDrop
      className="ui-screen"
      invitation="Drop a .p12, .pfx or .pem file"
      onFiles={([file]) => askKeys({ kind: 'import', file })}
    >
      <ScreenHead
        title="Signing keys"
        description="They sign documents, so that anybody can see who made them."
        actions={keys !== undefined && keys.length > 0 && <Actions />}
      />
      {failure !== undefined && <FailureNote title="The keys could not be read" failure={failure} />}
      {keys === undefined && failure === undefined && <Spinner label="Reading the keys" />}
      {keys?.length === 0 && <NoKeys />}
      {keys !== undefined && shown !== undefined && (
        <div className="ui-list-and-details">
          <KeyList keys={keys} shown={shown.id} now={now} />
          <KeyDetails key={shown.id} facts={shown} now={now} />
        </div>
      )}
      {dialog?.kind === 'create' && <CreateKeyDialog onClose={close} onKept={onKept} />}
      {dialog?.kind === 'import' && (
        <ImportKeyDialog key={dialog.file?.name} given={dialog.file} onClose={close} onKept={onKept} />
      )}
      {dialog?.kind === 'remove' && (
        <RemoveKeyDialog
          id={dialog.id}
          onClose={close}
          onRemoved={() => {
            openKey(undefined);
            refresh();
            close();
          }}
        />
      )}
    </FileDrop>
  );
}

function Actions(): ReactElement {
  return (
    <>
      <Button
        icon={<Upload aria-hidden="true" />}
        onClick={() => askKeys({ kind: 'import', file: undefined })}
      >
        Import…
      </Button>
      <Button
        variant="primary"
        icon={<Plus aria-hidden="true" />}
        onClick={() => askKeys({ kind: 'create' })}
      >
        New key…
      </Button>
    </>
  );
}

function NoKeys(): ReactElement {
  return (
    <EmptyState icon={<KeyRound aria-hidden="true" />} title="No signing keys yet" action={<Actions />}>
      A key signs documents: readers show who signed, and whether a page was changed since. Make one here, or
      import one that a certificate authority gave you (drop its .p12, .pfx or .pem file). Then choose it
      under Document in a template.
    </EmptyState>
  );
}

function KeyList({
  keys,
  shown,
  now,
}: {
  readonly keys: readonly KeyFacts[];
  readonly shown: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}): ReactElement {
  return (
    <EntryList label="Keys">
      {keys.map((key) => (
        <Entry
          key={key.id}
          name={key.id}
          state={validityOf(key, now)}
          isShown={key.id === shown}
          onOpen={() => openKey(key.id)}
        >
          {commonName(key.subject)} · {keyKind(key)}
        </Entry>
      ))}
    </EntryList>
  );
}
