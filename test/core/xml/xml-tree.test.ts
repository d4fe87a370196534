import { describe, expect, it } from 'vitest';
import { parseXml, XmlError } from '../../../core/xml/xml-tree.ts';

describe('parseXml', () => {
  it('resolves namespaces, entities and CDATA', () => {
    const root = parseXml(
      '\ufeff<?xml version="1.0"?><!-- c --><a xmlns="urn:a" xmlns:b=\'urn:b\' x="1&amp;2" b:y="&#xE9;">t&lt;<b:c/><![CDATA[<raw>]]></a>',
    );
    expect(root).toMatchObject({
      namespace: 'urn:a',
      name: 'a',
      text: 't<<raw>',
      attributes: [
        { namespace: '', name: 'x', value: '1&2' },
        { namespace: 'urn:b', name: 'y', value: 'é' },
      ],
      children: [{ namespace: 'urn:b', name: 'c', children: [] }],
    });
  });

  it('ends the scope of a prefix with its element', () => {
    expect(() => parseXml('<a><b xmlns:p="urn:p"/><p:c/></a>')).toThrow(/prefix/);
  });

  it.each([
    ['entities that grow', '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx">]><a>&x;</a>'],
    ['an unknown entity', '<a>&nbsp;</a>'],
    ['an entity without end', '<a>&amp</a>'],
    ['crossed tags', '<a><b></a></b>'],
    ['an open end', '<a><b></b>'],
    ['two roots', '<a/><b/>'],
    ['an attribute twice', '<a x="1" x="2"/>'],
    ['text outside', '<a/>x'],
    ['nothing', ''],
    ['endless depth', '<a>'.repeat(200_000)],
    ['an endless attribute', `<a x="${'y'.repeat(100_000)}`],
  ])('refuses %s', (_, source) => {
    expect(() => parseXml(source)).toThrow(XmlError);
  });
});
