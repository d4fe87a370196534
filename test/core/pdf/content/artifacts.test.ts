import { describe, expect, it } from 'vitest';
import { markArtifacts, type MarkedContentOwner } from '../../../../core/pdf/content/artifacts.ts';

function marked(
  content: string,
  owner: Partial<MarkedContentOwner> = {},
): { text: string; released: readonly number[] } {
  const bytes = Buffer.from(content, 'latin1');
  const { edits, released } = markArtifacts(bytes, {
    roleOf: () => 'box',
    xobjectOf: () => 'image',
    ...owner,
  });
  const text = Buffer.from(edits.apply(bytes)).toString('latin1').replaceAll(/\s+/g, ' ').trim();
  return { text, released };
}

describe('markArtifacts', () => {
  it('wraps what no mark holds: paths, text objects, shadings and images', () => {
    expect(marked('0 0 9 9 re f').text).toBe('/Artifact BMC 0 0 9 9 re f EMC');
    expect(marked('BT (a) Tj ET').text).toBe('/Artifact BMC BT (a) Tj ET EMC');
    expect(marked('/S sh').text).toBe('/Artifact BMC /S sh EMC');
    expect(marked('q /I Do Q').text).toBe('q /Artifact BMC /I Do EMC Q');
    expect(marked('BI /W 1 ID x EI').text).toBe('/Artifact BMC BI /W 1 ID x EI EMC');
  });

  it('leaves a path alone that only clips, and a text object that shows nothing', () => {
    for (const content of ['0 0 9 9 re W n', 'BT /F 1 Tf ET']) expect(marked(content).text).toBe(content);
  });

  it('wraps neighbours once, but never across q, Q or a mark', () => {
    expect(marked('1 0 m 2 2 l S 1 g 0 0 1 1 re f').text).toBe(
      '/Artifact BMC 1 0 m 2 2 l S 1 g 0 0 1 1 re f EMC',
    );
    expect(marked('0 0 1 1 re f Q 0 0 1 1 re f').text).toBe(
      '/Artifact BMC 0 0 1 1 re f EMC Q /Artifact BMC 0 0 1 1 re f EMC',
    );
  });

  it('turns the box of an element into an artifact, but not its text, and not the lines of a picture', () => {
    const content = '/TD <</MCID 0>>BDC 0 0 1 1 re f EMC /TD <</MCID 1>>BDC 0 0 1 1 re f BT (a) Tj ET EMC';
    const boxes = marked(content);
    expect(boxes.released).toEqual([0]);
    expect(boxes.text).toBe(content.replace('/TD <</MCID 0>>BDC', '/Artifact BMC'));
    expect(marked(content, { roleOf: () => 'real' })).toEqual({ text: content, released: [] });
  });

  it('turns marked content that no element owns into an artifact although it shows text', () => {
    const { text } = marked('/P <</MCID 0>>BDC BT (a) Tj ET EMC', { roleOf: () => 'none' });
    expect(text).toBe('/Artifact BMC BT (a) Tj ET EMC');
  });

  it('never opens an artifact in a text object that holds marks and ends it outside', () => {
    const { text } = marked('BT (a) Tj /P <</MCID 0>>BDC (b) Tj EMC (c) Tj ET');
    expect(text).toBe('BT /Artifact BMC (a) Tj EMC /P <</MCID 0>>BDC (b) Tj EMC /Artifact BMC (c) Tj EMC ET');
  });

  it('takes the mark around a form away that has marks of its own, and wraps what is left', () => {
    const content = '/P <</MCID 3>>BDC 0 0 1 1 re f /X Do EMC';
    const { text, released } = marked(content, { xobjectOf: () => 'marked-form' });
    expect(text).toBe('/Artifact BMC 0 0 1 1 re f EMC /X Do');
    expect(released).toEqual([3]);
  });

  it('shows a form with marks a second time under another name, as an artifact', () => {
    let times = 0;
    const xobjectOf = (): 'marked-form' | { as: string } => {
      times += 1;
      return times === 1 ? 'marked-form' : { as: 'Y' };
    };
    expect(marked('/X Do /X Do', { xobjectOf }).text).toBe('/X Do /Artifact BMC /Y Do EMC');
  });
});
