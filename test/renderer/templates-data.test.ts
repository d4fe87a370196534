/** Editing JSON and style sheets from forms: nothing but what was asked for may change. */
import { describe, expect, it } from 'vitest';
import {
  emptyValue,
  fieldsOfData,
  fieldsOfSchema,
  labelOf,
} from '../../renderer/features/templates/data/form-fields.ts';
import {
  JsonMistake,
  moveItem,
  parseJson,
  setJson,
} from '../../renderer/features/templates/data/json-text.ts';
import { withMarginBox } from '../../renderer/features/templates/document/margin-boxes.ts';
import { cssClasses, classTyped } from '../../renderer/features/templates/language/css-classes.ts';

describe('JSON as text', () => {
  const TEXT = `{
    "number":   12345678901234567890,
    "price": 1.50,
    "items": [
        { "name": "Desk" },
        { "name": "Lamp" }
    ],
    "empty": {}
}
`;

  it('changes a value and leaves the rest as it was written', () => {
    expect(setJson(TEXT, ['items', 1, 'name'], 'Lämp "x"')).toBe(TEXT.replace('"Lamp"', '"Lämp \\"x\\""'));
    expect(setJson(TEXT, ['price'], 2)).toBe(TEXT.replace('1.50', '2'));
  });

  it('adds members and items in the layout of their neighbours', () => {
    expect(setJson(TEXT, ['items', 0, 'price'], 5)).toBe(
      TEXT.replace('{ "name": "Desk" }', '{ "name": "Desk", "price": 5 }'.replace('5 }', '5 }')),
    );
    const added = setJson(TEXT, ['items', 2], { name: 'Pen' });
    expect(JSON.parse(added)).toMatchObject({ items: [{ name: 'Desk' }, { name: 'Lamp' }, { name: 'Pen' }] });
    expect(added).toContain('{ "name": "Lamp" },\n        {\n            "name": "Pen"\n        }\n    ],');
    expect(setJson(TEXT, ['empty', 'deep', 'er'], true)).toContain('"empty": {\n        "deep": {');
    expect(setJson('{}', ['a'], 1)).toBe('{\n  "a": 1\n}');
  });

  it('takes members and items away with their comma', () => {
    for (const path of [['number'], ['price'], ['empty'], ['items', 0], ['items', 1], ['items', 1, 'name']]) {
      const expected = JSON.parse(TEXT) as Record<string, unknown>;
      const parent = path
        .slice(0, -1)
        .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], expected);
      const last = path.at(-1) ?? '';
      if (Array.isArray(parent)) parent.splice(Number(last), 1);
      else Reflect.deleteProperty(parent as object, last);
      expect(JSON.parse(setJson(TEXT, path, undefined))).toEqual(expected);
    }
    expect(setJson(TEXT, ['nothing'], undefined)).toBe(TEXT);
  });

  it('moves items with their own layout', () => {
    const moved = moveItem(TEXT, ['items'], 1, 0);
    expect((JSON.parse(moved) as { items: { name: string }[] }).items.map(({ name }) => name)).toEqual([
      'Lamp',
      'Desk',
    ]);
    expect(moved).toContain('12345678901234567890');
    expect(moveItem(TEXT, ['items'], 0, 9)).toBe(TEXT);
  });

  it('reads what JSON.parse reads and refuses what it refuses', () => {
    const texts = [
      '',
      '{',
      '[1,]',
      '{"a":1,}',
      '01',
      '1.',
      '"\\x"',
      '"a\nb"',
      'nul',
      '[1 2]',
      '{"a" 1}',
      '{} {}',
      "'a'",
    ];
    for (const text of texts) {
      expect(() => parseJson(text), text).toThrow(JsonMistake);
      expect(() => void JSON.parse(text), text).toThrow(SyntaxError);
    }
    for (const text of ['1e5', '-0.5', ' [ ] ', '{"a":{"a":[null,true]}}', '"\\u00e4"']) {
      expect(() => parseJson(text), text).not.toThrow();
    }
    expect(() => parseJson('['.repeat(100_000))).toThrow('nested too deeply');
  });
});

describe('forms', () => {
  it('ask for what the schema says, through references and nullable types', () => {
    const form = fieldsOfSchema({
      type: 'object',
      required: ['number'],
      properties: {
        number: { type: 'string', title: 'Invoice number' },
        due: { type: ['string', 'null'], format: 'date' },
        kind: { enum: ['a', 'b'] },
        buyer: { $ref: '#/$defs/party' },
        items: { type: 'array', items: { anyOf: [{ $ref: '#/$defs/party' }, { type: 'null' }] } },
        odd: { type: ['string', 'number'] },
      },
      $defs: { party: { type: 'object', properties: { vat_id: { type: 'string' } } } },
    });
    const kinds = form?.fields.map(([key, { kind }]) => `${key} ${kind}`);
    expect(kinds).toEqual([
      'number text',
      'due date',
      'kind choice',
      'buyer object',
      'items list',
      'odd other',
    ]);
    expect(form?.fields[0]?.[1]).toMatchObject({ label: 'Invoice number', isRequired: true });
    expect(form?.fields[4]?.[1].item?.fields[0]?.[0]).toBe('vat_id');
  });

  it('end where a schema refers to itself', () => {
    const node = { type: 'object', properties: { child: { $ref: '#' } } };
    expect(fieldsOfSchema(node)?.kind).toBe('object');
    expect(fieldsOfSchema({ $ref: '#' })?.kind).toBe('other');
  });

  it('guess from the data, of lists from all of their items', () => {
    const form = fieldsOfData([
      { paid: true, due: '2026-01-31', lines: [{ a: 1 }, { a: 2, b: 'x'.repeat(90) }], gone: null },
    ]);
    const [, lines] = form.fields.find(([key]) => key === 'lines') ?? [];
    expect(form.fields.map(([, { kind }]) => kind)).toEqual(['boolean', 'date', 'list', 'text']);
    expect(lines?.item?.fields.map(([key, { kind }]) => `${key} ${kind}`)).toEqual(['a number', 'b long']);
    expect(lines?.item && emptyValue(lines.item)).toEqual({ a: 0, b: '' });
  });

  it('call fields as people write them', () => {
    expect(labelOf('unit_price')).toBe('Unit price');
    expect(labelOf('invoiceNo')).toBe('Invoice no');
  });
});

describe('margin boxes', () => {
  const box = { pages: 'all', position: 'bottom-right', content: { kind: 'page-of-pages' } } as const;
  const WRITTEN = '@bottom-right { content: counter(page) " / " counter(pages); }';

  it('get a rule of their own where there is none', () => {
    expect(withMarginBox('', box)).toBe(`@page {\n  ${WRITTEN}\n}\n`);
    expect(withMarginBox('p { margin: 0 }\n', { ...box, pages: 'first' })).toBe(
      `p { margin: 0 }\n\n@page :first {\n  ${WRITTEN}\n}\n`,
    );
  });

  it('go into the rule of their pages, not into one of others or of a comment', () => {
    const css = '/* @page { } */\n@page :first { margin: 0 }\n@page { size: A4; margin: 2cm }\np {}\n';
    expect(withMarginBox(css, box)).toBe(
      `/* @page { } */\n@page :first { margin: 0 }\n@page { size: A4; margin: 2cm;\n  ${WRITTEN}\n}\np {}\n`,
    );
  });

  it('take the place of the same box, mustaches and strings with braces in it', () => {
    const css =
      '@page {\n  @bottom-right { content: {{{json a}}} "}" ; color: red }\n  @top-left { content: "x" }\n}\n';
    expect(withMarginBox(css, box)).toBe(`@page {\n  ${WRITTEN}\n  @top-left { content: "x" }\n}\n`);
  });

  it('keep text a string whatever is in it', () => {
    const css = withMarginBox('', { ...box, content: { kind: 'text', text: 'a "b" \\ }\n</style>' } });
    expect(css).toContain('content: "a \\"b\\" \\\\ }\\A </style>";');
  });
});

describe('classes of the style sheet', () => {
  it('are those of selectors, not of numbers, files and mustaches', () => {
    const css =
      '.a, p.b-c:not(.d) { margin: .5em; background: url(x.png) } /* .no */ .e{{{x.y}}} { } @media print { .f { } }';
    expect(cssClasses(css)).toEqual(['a', 'b-c', 'd', 'e', 'f']);
  });

  it('are offered inside of class attributes only', () => {
    expect(classTyped('<p class="lead no')).toBe('no');
    expect(classTyped('<p class="lead">no')).toBeUndefined();
    expect(classTyped('<p title="no')).toBeUndefined();
  });
});
