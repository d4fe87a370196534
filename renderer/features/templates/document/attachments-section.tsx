import { Plus } from 'lucide-react';
import type { ReactElement } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { TemplateAttachment } from '../../../../contract/document.ts';
import { Button } from '../../../ui/button.tsx';
import { FileChooser } from '../../../ui/file-drop.tsx';
import { freeName, MANIFEST_PATH, safeFileName } from '../files/views.ts';
import { useTemplates, useWorkspace } from '../screen/workspace-context.tsx';
import { attempt } from '../template-actions.ts';
import type { TemplatesWorkspace } from '../templates-workspace.ts';
import { AttachmentFields } from './attachment-fields.tsx';
import { FACTUR_X_ATTACHMENT, FACTUR_X_PARTIAL, FACTUR_X_STARTER } from './factur-x.ts';
import { EMPTY_MANIFEST, openManifest, type ManifestForm } from './manifest-form.ts';
import { chosenOption, standardsOfOption, takesAttachments } from './standards.ts';

const ATTACHED_KINDS: ReadonlySet<string> = new Set(['asset', 'font', 'other']);

/** Files inside the document: as they are, or filled in with its data. */
export function AttachmentsSection({ form }: { readonly form: ManifestForm }): ReactElement {
  const workspace = useWorkspace();
  const files = useTemplates(
    useShallow((state) => state.files.filter(({ kind }) => ATTACHED_KINDS.has(kind)).map(({ path }) => path)),
  );
  const partials = useTemplates(
    useShallow((state) =>
      Object.keys(state.texts).flatMap((path) => /^partials\/(.+)\.hbs$/.exec(path)?.[1] ?? []),
    ),
  );
  const listed = form.at('attachments');
  const attachments = Array.isArray(listed) ? (listed as readonly Partial<TemplateAttachment>[]) : [];
  const add = (attachment: TemplateAttachment): void => attach(workspace, attachment);
  const remove = (index: number): void => {
    const left = attachments.filter((_, at) => at !== index);
    form.set(['attachments'], left.length === 0 ? undefined : left);
  };
  const taken = new Set(attachments.map(({ filename }) => filename ?? ''));
  const hasInvoice = attachments.some(({ profile }) => profile === 'factur-x');
  const isForbidden =
    attachments.length > 0 && !takesAttachments(standardsOfOption(chosenOption(form.at('pdf_standard'))));
  return (
    <section aria-labelledby="document-attachments">
      <h2 id="document-attachments">Attached files</h2>
      <p className="ui-field-help">
        They lie inside the PDF, such as the data of an invoice for programs. Those made by a partial are
        filled in with the same data as the pages.
      </p>
      {isForbidden && (
        <p className="ui-field-error" role="alert">
          The chosen standard takes no files of any kind: PDF/A-3 and PDF/A-4f do.
        </p>
      )}
      {form.fault('attachments') !== undefined && (
        <p className="ui-field-error" role="alert">
          {form.fault('attachments')}
        </p>
      )}
      {attachments.map((attachment, index) => (
        <AttachmentFields
          key={index}
          form={form}
          index={index}
          attachment={attachment}
          files={files}
          partials={partials}
          onRemove={() => remove(index)}
        />
      ))}
      <div className="templates-document-actions">
        <FileChooser
          accept="*"
          icon={<Plus aria-hidden="true" />}
          onFiles={([file]) => file !== undefined && void attachFile(workspace, file, taken)}
        >
          Attach a file…
        </FileChooser>
        {partials[0] !== undefined && (
          <Button
            icon={<Plus aria-hidden="true" />}
            onClick={() =>
              add({ filename: freeName(partials[0] ?? 'file', taken), partial: partials[0] ?? '' })
            }
          >
            Attach a partial
          </Button>
        )}
        {!hasInvoice && (
          <Button icon={<Plus aria-hidden="true" />} onClick={() => addInvoice(workspace, partials)}>
            Factur-X invoice
          </Button>
        )}
      </div>
    </section>
  );
}

/** At the end of those that the file lists by now. */
function attach(workspace: TemplatesWorkspace, attachment: TemplateAttachment): void {
  const text = workspace.store.getState().texts[MANIFEST_PATH] ?? EMPTY_MANIFEST;
  const form = openManifest(text, (changed) => workspace.edit(MANIFEST_PATH, changed));
  const listed = form?.at('attachments');
  form?.set(['attachments'], [...(Array.isArray(listed) ? (listed as unknown[]) : []), attachment]);
}

/** Puts the file beside the images of the template. */
async function attachFile(
  workspace: TemplatesWorkspace,
  file: File,
  taken: ReadonlySet<string>,
): Promise<void> {
  const { templateId, files } = workspace.store.getState();
  if (templateId === null) return;
  const path = freeName(`assets/${safeFileName(file.name)}`, new Set(files.map((each) => each.path)));
  await attempt(`${file.name} was not attached`, async () => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    await workspace.host.request('templates.put_file', { id: templateId, path, bytes });
    await workspace.reread();
    attach(workspace, { filename: freeName(safeFileName(file.name), taken), file: path });
  });
}

/** A partial that is there already is taken as it is. */
function addInvoice(workspace: TemplatesWorkspace, partials: readonly string[]): void {
  if (!partials.includes(FACTUR_X_ATTACHMENT.partial ?? '')) {
    workspace.edit(FACTUR_X_PARTIAL, FACTUR_X_STARTER);
  }
  attach(workspace, FACTUR_X_ATTACHMENT);
}
