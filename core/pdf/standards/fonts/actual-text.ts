/** Marked content that says itself what its text is (ISO 32000-2 §14.9.4). */
import type { PdfDocument } from '../../revision/document.ts';
import { PdfDict, PdfName, type PdfObject } from '../../revision/objects.ts';

/** Whether the operands of a `BDC` bring an ActualText, with the resources of its content. */
export function bringsActualText(
  document: PdfDocument,
  resources: PdfDict | undefined,
): (operands: readonly PdfObject[]) => boolean {
  const properties = document.dictAt(resources, 'Properties');
  return ([, operand]) => {
    const value = operand instanceof PdfName ? document.resolve(properties?.get(operand.name)) : operand;
    return value instanceof PdfDict && value.has('ActualText');
  };
}
