/** What the product refuses to hand out is judged too: whether it was right to refuse it. */
import { InfluxionError } from '../../core/error.ts';
import { withPrintedTitle } from '../../core/pdf/finish/printed-title.ts';
import type { Finisher, FinishOrder } from '../../core/pdf/finish/finisher.ts';
import { memorySource } from '../../core/pdf/revision/byte-source.ts';
import { compactCopy } from '../../core/pdf/revision/compact.ts';
import { PdfDocument } from '../../core/pdf/revision/document.ts';
import { conform } from '../../core/pdf/standards/conform.ts';
import { wholePdf } from '../support/engine-requests.ts';

const refused = new WeakMap<object, Uint8Array>();

/** The document as far as it could be made to conform, by the error that refused it. */
export function refusedDocument(error: unknown): Uint8Array | undefined {
  if (!(error instanceof Error)) return undefined;
  return refused.get(error) ?? refusedDocument(error.cause);
}

/** Same errors, but `refusedDocument` knows what was refused. */
export const keepRefused = (finisher: Finisher): Finisher => ({
  async finish(pdf, order, context) {
    const bytes = await wholePdf(pdf);
    try {
      // The finisher takes over what it is given.
      return await finisher.finish(
        pdf instanceof Uint8Array ? bytes.slice() : inOnePart(bytes),
        order,
        context,
      );
    } catch (error) {
      if (InfluxionError.is(error) && error.code === 'STANDARD_NOT_MET') {
        refused.set(error, await asFarAsPossible(bytes, order));
      }
      throw error;
    }
  },
});

// eslint-disable-next-line @typescript-eslint/require-await -- A stream, as the engine hands large documents out.
async function* inOnePart(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** What is known to be wrong is reported after all steps are done, so the rest of the document is as it should be. */
async function asFarAsPossible(bytes: Uint8Array, order: FinishOrder): Promise<Uint8Array> {
  const document = PdfDocument.open(memorySource(bytes));
  const { plan: asked, hasTitle } = order;
  if (asked === undefined) return bytes;
  const plan = { ...asked, metadata: withPrintedTitle(document, { plan: asked, hasTitle }) };
  await conform(document, plan).catch((error: unknown) => {
    if (!InfluxionError.is(error) || error.code !== 'STANDARD_NOT_MET') throw error;
  });
  return Buffer.concat([...compactCopy(document, { objectStreams: plan.standards.pdfa?.part !== 1 })]);
}
