/**
 * A figure has an alternative text (ISO 14289-1 §7.3; ISO 14289-2 §8.2.5.28.2). HTML's `figure` is a group with a caption:
 * Chromium tags it as a Figure without one around the Figure of the picture.
 */
import { StructureElement } from './element.ts';

/** A figure without alternative text that holds more than a picture becomes a section, whose kids are still to be settled. */
export function settleFigure(figure: StructureElement): 'figure' | 'section' {
  if (hasAlternative(figure)) {
    // What stands for the whole leaves nothing for its parts to say.
    figure.spread(({ type }) => type === 'NonStruct' || type === 'Box' || type === 'P');
    return 'figure';
  }
  const { elements } = figure;
  if (elements.length === 0) return 'figure';
  const caption = elements.find(({ type }) => type === 'Caption');
  const rest = figure.kids.filter((kid) => kid !== caption);
  const [picture] = rest;
  if (rest.length === 1 && picture instanceof StructureElement && picture.type === 'Figure') {
    figure.entries = picture.entries;
    figure.attributes ??= picture.attributes;
    figure.spread((kid) => kid === picture);
    return 'figure';
  }
  figure.type = 'Sect';
  return 'section';
}

export const hasAlternative = ({ entries }: StructureElement): boolean =>
  entries !== undefined && (entries.has('Alt') || entries.has('ActualText'));
