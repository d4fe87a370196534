import { FileCheck, FolderOpen, X } from 'lucide-react';
import type { ReactElement } from 'react';
import { PDF_STANDARDS, type PdfStandard } from '../../../contract/standard.ts';
import { useHost } from '../../host/host-context.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { FailureNote } from '../../ui/failure-note.tsx';
import { Field } from '../../ui/field.tsx';
import { FileChooser, FileDrop } from '../../ui/file-drop.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { ScreenHead } from '../../ui/screen.tsx';
import { Select } from '../../ui/select.tsx';
import { Spinner } from '../../ui/spinner.tsx';
import { standardName } from '../../ui/standard-name.ts';
import { Report } from './report.tsx';
import { CHOOSER_ID } from './verify-commands.ts';
import { checkAgainst, takeIn, trustNoMore, useVerify } from './verify-store.ts';
import './verify-screen.css';

const CLAIMED = 'claimed';
const STANDARDS = [
  { value: CLAIMED, label: 'What the file claims' },
  ...PDF_STANDARDS.map((standard) => ({
    value: standard,
    label: `${standardName(standard)} as well`,
  })),
] as const;

/** Looks into a PDF of anybody: what it claims, whether that is true, who signed it. Nothing of it is kept. */
export function VerifyScreen(): ReactElement {
  const host = useHost();
  const { file, isBusy, report, failure } = useVerify();
  const take = (files: readonly File[]): void => void takeIn(host, files);
  return (
    <FileDrop
      className="ui-screen verify-screen"
      invitation="Drop a PDF, or certificates that you trust"
      onFiles={take}
    >
      <ScreenHead
        title="Verify a PDF"
        description="Whether it is what it claims, and who signed it. It stays on this computer and is not kept."
        actions={
          <FileChooser
            id={CHOOSER_ID}
            accept=".pdf,application/pdf"
            variant={file === undefined ? 'primary' : 'plain'}
            icon={<FolderOpen aria-hidden="true" />}
            onFiles={take}
          >
            {file === undefined ? 'Choose a PDF…' : 'Another PDF…'}
          </FileChooser>
        }
      />
      {file === undefined ? (
        <EmptyState icon={<FileCheck aria-hidden="true" />} title="Drop a PDF here">
          Any PDF, made here or elsewhere: its PDF/A and PDF/UA claims are checked rule by rule, and each
          signature for what was signed, by whom, and what was changed since.
        </EmptyState>
      ) : (
        <div className="verify-columns">
          <div className="verify-result" aria-live="polite" aria-busy={isBusy}>
            {isBusy && <Spinner label={`Looking into ${file.name}`} />}
            {failure !== undefined && (
              <FailureNote title={`${file.name} could not be verified`} failure={failure} />
            )}
            {report !== undefined && <Report name={file.name} report={report} />}
          </div>
          <Options onFiles={take} />
        </div>
      )}
    </FileDrop>
  );
}

/** What the file is held against. */
function Options({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }): ReactElement {
  const host = useHost();
  const { roots, standard } = useVerify();
  return (
    <aside className="verify-options" aria-label="Checked against">
      <Field label="Standards to check">
        {(control) => (
          <Select<PdfStandard | typeof CLAIMED>
            {...control}
            value={standard ?? CLAIMED}
            options={STANDARDS}
            onValue={(chosen) => checkAgainst(host, chosen === CLAIMED ? undefined : chosen)}
          />
        )}
      </Field>
      <section aria-labelledby="verify-trust">
        <h3 id="verify-trust">Whom you trust</h3>
        <p className="ui-field-help">
          Certificates that a signer must go back to: those of certificate authorities, or the signer’s own
          when it issued itself. They count until the studio is closed.
        </p>
        {roots.length > 0 && (
          <ul>
            {roots.map((root) => (
              <li key={root.pem}>
                <span>{root.name}</span>
                <IconButton
                  size="s"
                  label={`Trust ${root.name} no more`}
                  icon={<X aria-hidden="true" />}
                  onClick={() => trustNoMore(host, root)}
                />
              </li>
            ))}
          </ul>
        )}
        <FileChooser accept=".pem,.crt,.cer,.der" multiple onFiles={onFiles}>
          Add certificates…
        </FileChooser>
      </section>
    </aside>
  );
}
