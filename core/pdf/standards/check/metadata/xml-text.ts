/** Small XML outside of XMP, such as rich text and the parts of a form. */
import { parseXml, XmlFault, type XmlElement } from './xml.ts';

/** The root; undefined for what is no XML. */
export function readXml(text: string): XmlElement | undefined {
  try {
    return parseXml(text).find((node) => node.kind === 'element');
  } catch (error) {
    if (error instanceof XmlFault) return undefined;
    throw error;
  }
}

/** All characters in an element. */
export const textOfXml = ({ children }: XmlElement): string =>
  children
    .map((child) => (child.kind === 'text' ? child.text : child.kind === 'element' ? textOfXml(child) : ''))
    .join('');

/** The first element of this name directly within another one. */
export const childOfXml = ({ children }: XmlElement, name: string): XmlElement | undefined =>
  children.find((child): child is XmlElement => child.kind === 'element' && child.local === name);
