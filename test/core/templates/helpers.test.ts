import { describe, expect, it } from 'vitest';
import decodeQR from 'qr/decode.js';
import { HELPER_CATALOG, HELPERS } from '../../../core/templates/helper-catalog.ts';
import { rendered, renderFailure } from '../../support/template-rendering.ts';

const NBSP = '\u00a0';
const NARROW = '\u202f';

const ITEMS = [
  { name: 'Zange', price: '19.90', qty: 3, kind: 'tool', made: '2026-03-01' },
  { name: 'Äpfel', price: 0.1, qty: 10, kind: 'food' },
  { name: 'Öl', price: 0.2, qty: 1, kind: 'food' },
];
const DATA = {
  items: ITEMS,
  n: 1234567.891,
  due: '2026-01-31',
  when: '2026-01-31T23:30:00Z',
  local: '2026-01-31T23:30',
  epoch: 1769902200000,
  tags: ['a', 'b', 'c'],
  huge: 1e21,
  tiny: 1e-7,
  big: '12345678901234567.89',
  note: '# Hi\n\n**x** [l](javascript:alert(1)) [ok](https://a.example) <script>x</script>',
};

/** Template, locale, what must come out. */
const CASES: readonly (readonly [string, string, string])[] = [
  // numbers
  ['{{number n}}', 'en', '1,234,567.891'],
  ['{{number n 2}}', 'de', '1.234.567,89'],
  ['{{number n decimals=1}}', 'fr', `1${NARROW}234${NARROW}567,9`],
  ['{{{number n maxDecimals=0}}}', 'de-CH', "1'234'568"],
  ['{{number n 0 grouping=false}}', 'en', '1234568'],
  ['{{number 5 sign="always"}} {{number 0 sign="exceptZero"}}', 'en', '+5 0'],
  ['{{number n notation="compact"}}', 'en', '1.2M'],
  ['{{number 5 unit="kilogram"}}', 'de', '5 kg'],
  ['{{number n 1 locale="en-IN"}}', 'en', '12,34,567.9'],
  ['{{number big 2}}', 'en', '12,345,678,901,234,567.89'],
  ['{{number "1.005" 2}}|{{number 1.005 2}}', 'en', '1.01|1.01'],
  ['[{{number missing}}{{number ""}}]', 'en', '[]'],
  ['{{currency 1234.5 "EUR"}}', 'en', '€1,234.50'],
  ['{{currency 1234.5 "EUR"}}', 'de', `1.234,50${NBSP}€`],
  ['{{currency 1234.5 "EUR"}}', 'de-AT', `€${NBSP}1.234,50`],
  ['{{currency 1234.5 "eur"}}', 'fr', `1${NARROW}234,50${NBSP}€`],
  ['{{currency 1234.5 "JPY"}}', 'ja', '￥1,235'],
  ['{{currency big "USD"}}', 'en', '$12,345,678,901,234,567.89'],
  ['{{currency -5 "USD" accounting=true}}', 'en', '($5.00)'],
  ['{{currency 5 "USD" display="code"}}', 'en', `USD${NBSP}5.00`],
  ['{{currency 5 "CHF" decimals=0}}', 'de-CH', `CHF${NBSP}5`],
  ['{{currency 5 code="USD"}}', 'en', '$5.00'],
  ['{{percent 0.19}} {{percent 0.195}} {{percent 0.195 0}}', 'en', '19% 19.5% 20%'],
  ['{{percent 0.19}}', 'de', `19${NBSP}%`],
  ['{{percent 0.07 decimals=1 sign="always"}}', 'en', '+7.0%'],
  // calculation
  ['{{add 0.1 0.2}} {{add 1 2 3}} {{add "1.10" 2}}', 'en', '0.3 6 3.1'],
  ['{{sub 1 0.9}} {{sub 5 7}}', 'en', '0.1 -2'],
  ['{{mul 3 1.1}} {{mul 2 3 4}} {{mul "19.90" 3}}', 'en', '3.3 24 59.7'],
  ['{{div 10 4}} {{div 1 3}} {{div "1" "3"}}', 'en', '2.5 0.3333333333333333 0.33333333333333333333'],
  ['{{mod 7 3}} {{mod -7 3}} {{mod 0.3 0.1}}', 'en', '1 -1 0'],
  ['{{math 2 "*" 3}}{{math 7 "%" 4}}{{math 1 "+" 1}}{{math 1 "-" 2}}{{math 1 "/" 4}}', 'en', '632-10.25'],
  [
    '{{round 2.5}} {{round -2.5}} {{round 1.005 2}} {{round 2.345 decimals=1}} {{round 7 2}}',
    'en',
    '3 -3 1.01 2.3 7',
  ],
  ['{{floor -1.5}} {{ceil -1.5}} {{floor 1.29 1}} {{ceil 1.21 1}}', 'en', '-2 -1 1.2 1.3'],
  ['{{abs -3.5}} {{abs "-2"}} {{abs 4}}', 'en', '3.5 2 4'],
  ['{{add huge 1}} {{mul tiny 3}}', 'en', '1000000000000000000001 3e-7'],
  // dates
  [
    '{{date due}} | {{date due "short"}} | {{date due "long"}} | {{date due "full"}}',
    'en',
    'Jan 31, 2026 | 1/31/26 | January 31, 2026 | Saturday, January 31, 2026',
  ],
  [
    '{{date due "short"}} | {{date due}} | {{date due "long"}} | {{date due "full"}}',
    'de',
    '31.01.26 | 31.01.2026 | 31. Januar 2026 | Samstag, 31. Januar 2026',
  ],
  ['{{date due "long" locale="ru"}}', 'en', '31 января 2026 г.'],
  ['{{date due "d MMMM yyyy"}} {{date due "LLLL"}}', 'ru', '31 января 2026 январь'],
  [
    '{{date due "dd.MM.yyyy"}} {{date due "DD/MM/YY"}} {{date due "EEE d. MMM"}}',
    'de',
    '31.01.2026 31/01/26 Sa 31. Jan.',
  ],
  [
    "{{date local \"yyyy-MM-dd'T'HH:mm:ss.SSS\"}} {{date local \"h:mm a 'o''clock'\"}}",
    'en',
    '2026-01-31T23:30:00.000 11:30 PM o&#x27;clock',
  ],
  [
    '{{date when "HH:mm XXX"}} {{date when "HH:mm XXX" zone="America/New_York"}}',
    'en',
    '23:30 Z 18:30 -05:00',
  ],
  ['{{date when "short" time="short"}}', 'en-GB', '31/01/2026, 23:30'],
  ['{{date when "none" time="short"}}', 'en', '11:30 PM'],
  [
    '{{date when "medium" zone="Europe/Vienna"}} {{date epoch "medium" zone="Europe/Vienna"}}',
    'en',
    'Feb 1, 2026 Feb 1, 2026',
  ],
  [
    '{{date due "medium" zone="America/Los_Angeles"}} {{date due "medium" zone="Pacific/Kiritimati"}}',
    'en',
    'Jan 31, 2026 Jan 31, 2026',
  ],
  ['{{date local "short" time="full" zone="Asia/Tokyo"}}', 'en-GB', '31/01/2026, 23:30:00'],
  [
    '{{date due "year"}} {{date due "month"}} {{date due "monthName"}} {{date due "day"}} {{date due "weekday"}} {{date due "week"}} {{date due "quarter"}} {{date when "hour"}} {{date when "minute"}} {{date when "second"}} {{date when "iso"}}',
    'fr',
    '2026 1 janvier 31 samedi 5 1 23 30 0 2026-01-31',
  ],
  [
    '{{date "2027-01-01" "week"}} {{date "2024-12-30" "week"}} {{date "2026-02" "LLLL yyyy"}}',
    'en',
    '53 1 February 2026',
  ],
  [
    '{{date "2026-01-31 10:05" "HH:mm"}} {{date "2026-01-31T10:05:06.5+02:00" "HH:mm:ss"}}',
    'en',
    '10:05 08:05:06',
  ],
  [
    '{{date due "relative" from="2026-01-30"}} {{date due "relative" from="2026-02-03"}} {{date due "relative" from=due}}',
    'en',
    'tomorrow 3 days ago today',
  ],
  [
    '{{date due "relative" from="2025-10-31"}} {{date due "relative" from="2026-01-10"}} {{date due "relative" from="2020-01-10"}}',
    'de',
    'in 3 Monaten in 3 Wochen in 6 Jahren',
  ],
  [
    '{{date when "relative" from="2026-01-31T20:30:00Z"}} {{date when "relative" from="2026-01-31T23:45:00Z"}}',
    'en',
    'in 3 hours 15 minutes ago',
  ],
  [
    '{{dateAdd due 1 "month"}} {{dateAdd due 14 "days"}} {{dateAdd due -1 "year"}} {{dateAdd due 2 "weeks"}}',
    'en',
    '2026-02-28 2026-02-14 2025-01-31 2026-02-14',
  ],
  [
    '{{dateAdd when 30 "minutes"}} {{dateAdd local 1 "hour"}} {{dateAdd "2026-03-28T23:30:00Z" 1 "day" zone="Europe/Vienna"}}',
    'en',
    '2026-02-01T00:00:00Z 2026-02-01T00:30:00 2026-03-29T22:30:00Z',
  ],
  [
    '{{daysBetween due "2026-03-01"}} {{daysBetween "2026-03-01" due}} {{daysBetween when due zone="Europe/Vienna"}}',
    'en',
    '29 -29 -1',
  ],
  ['[{{date missing}}{{date ""}}{{dateAdd missing 1 "day"}}]', 'en', '[]'],
  // text
  ['{{upper "straße"}} {{upper "i"}} {{lower "ÄÖ"}}', 'de', 'STRASSE I äö'],
  ['{{upper "i"}} {{lower "I"}}', 'tr', 'İ ı'],
  ['{{title "jean-luc o’neil (éd)"}}', 'fr', 'Jean-Luc O’neil (Éd)'],
  ['{{#upper}}a {{n}}b{{/upper}}', 'en', 'A 1234567.891B'],
  [
    '[{{pad 7 3 "0"}}|{{pad "ab" 4}}|{{pad "ab" 4 "." side="end"}}|{{pad "abcde" 2}}|{{pad missing 2 "-"}}]',
    'en',
    '[007|  ab|ab..|abcde|--]',
  ],
  ['{{concat "a" 1 missing "b" true}}', 'en', 'a1btrue'],
  [
    '{{join tags}} {{join tags "/"}} {{join items by="name"}} {{join none}}',
    'en',
    'a, b, c a/b/c Zange, Äpfel, Öl ',
  ],
  ['{{join tags style="and"}} {{join tags style="or"}}', 'de', 'a, b und c a, b oder c'],
  [
    '{{plural 1 "page" "pages"}} {{plural 2 "# page" "# pages"}} {{plural 1200 "#" "# pages"}}',
    'en',
    'page 2 pages 1,200 pages',
  ],
  [
    '{{plural 0 zero="none" one="one" other="#"}} {{plural 0 "a" "b"}} {{plural "1.5" "a" "b"}}',
    'en',
    'none b b',
  ],
  [
    '{{plural 1 one="# plik" few="# pliki" many="# plików" other="# pliku"}} {{plural 3 one="#" few="# pliki" many="#" other="#"}} {{plural 5 one="#" few="#" many="# plików" other="#"}}',
    'pl',
    '1 plik 3 pliki 5 plików',
  ],
  [
    '{{{json tags}}} {{{json items.[1].name}}} {{{json missing}}} {{{json "</script><!--"}}}',
    'en',
    '["a","b","c"] "Äpfel" null "\\u003c/script>\\u003c!--"',
  ],
  ['{{{json tags 2}}}', 'en', '[\n  "a",\n  "b",\n  "c"\n]'],
  // logic
  [
    '{{eq 1 1}} {{eq 1 "1"}} {{eq missing null}} {{eq "a" "a"}} {{ne 1 2}}',
    'en',
    'true false true true true',
  ],
  [
    '{{lt 1 2}} {{lt "9" "10"}} {{lt "2026-01-31" "2026-02-01"}} {{gt "120.5" 100}} {{lte 2 2}} {{gte 1 2}} {{gt big 1}}',
    'en',
    'true true true true true false true',
  ],
  ['{{and 1 2}} {{and 0 2}} {{or 0 "x"}} {{or missing ""}}{{not 0}} {{not tags}}', 'en', '2 0 x true false'],
  ['{{#and n tags}}yes{{else}}no{{/and}}{{#not n}}x{{else}}no{{/not}}', 'en', 'yesno'],
  ['{{default missing "d"}} {{default "" null 5}} {{default 0 5}} {{default no 5}}', 'en', 'd 5 0 5'],
  // lists
  ['{{sum items "price"}} {{sum items "price" "qty"}} {{sum tagsum}} {{sum none}}', 'en', '20.2 60.9 0 0'],
  [
    '{{avg items "qty"}} {{min items "qty"}} {{max items "qty"}} {{min items "price"}} [{{avg none}}{{max none}}]',
    'en',
    '4.666666666666667 1 10 0.1 []',
  ],
  ['{{max 3 "7" 5}} {{min 3 "7" 5}} {{count items}} {{count missing}}', 'en', '7 3 3 0'],
  [
    '{{#each (groupBy items "kind")}}{{key}}={{count items}}({{sum items "qty"}}) {{/each}}',
    'en',
    'tool=1(3) food=2(11) ',
  ],
  ['{{#groupBy items "made"}}{{default key "-"}}:{{items.length}} {{/groupBy}}', 'en', '2026-03-01:1 -:2 '],
  ['{{join (sortBy items "name") by="name"}}', 'de', 'Äpfel, Öl, Zange'],
  ['{{join (sortBy items "name") by="name"}}', 'sv', 'Zange, Äpfel, Öl'],
  [
    '{{join (sortBy items "-qty") by="name"}} {{join (sortBy items "kind" "-name") by="name"}} {{join (sortBy items "qty" order="desc") by="qty"}}',
    'de',
    'Äpfel, Zange, Öl Öl, Äpfel, Zange 10, 3, 1',
  ],
  ['{{join (sortBy items "made") by="name"}}', 'de', 'Zange, Äpfel, Öl'],
  [
    '{{#each (chunk tags 2)}}[{{join this ""}}]{{/each}}{{#chunk tags 2 fill=true}}{{this.length}}{{/chunk}}',
    'en',
    '[ab][c]22',
  ],
  [
    '{{join (range 3)}} {{join (range 2 4)}} {{join (range 3 1)}} {{join (range 0 10 5)}} [{{join (range 0)}}]',
    'en',
    '1, 2, 3 2, 3, 4 3, 2, 1 0, 5, 10 []',
  ],
];

describe('helpers', () => {
  for (const [template, locale, expected] of CASES) {
    it(`${template} in ${locale}`, async () => {
      expect(await rendered(template, { ...DATA, tagsum: [], none: [] }, { locale })).toBe(expected);
    });
  }

  it('uses the time zone of the job for moments and for nothing else', async () => {
    const options = { timeZone: 'Asia/Tokyo' };
    const template = '{{date when "iso"}} {{date epoch "iso"}} {{date due "iso"}} {{date local "iso"}}';
    expect(await rendered(template, DATA, options)).toBe('2026-02-01 2026-02-01 2026-01-31 2026-01-31');
  });

  it('escapes what helpers give, except for markup that they make', async () => {
    expect(await rendered('{{upper "<b>"}}{{{upper "<b>"}}}{{join l}}', { l: ['<i>'] })).toBe(
      '&lt;B&gt;<B>&lt;i&gt;',
    );
  });

  it('makes harmless HTML of markdown', async () => {
    const html = await rendered('{{markdown note}}', DATA);
    expect(html).toContain('<h1>Hi</h1>');
    expect(html).toContain('<strong>x</strong>');
    expect(html).toContain('<a href="https://a.example">ok</a>');
    expect(html).not.toMatch(/href="javascript|<script/i);
    const links = [
      'javascript:alert(1)',
      'JaVaScRiPt:x',
      'vbscript:x',
      'data:text/html,x',
      '&#106;avascript:x',
      'java\nscript:x',
    ];
    for (const link of links) {
      expect(await rendered('{{markdown l}}', { l: `[a](${link}) ![b](${link}) <${link}>` })).not.toMatch(
        /(?:href|src)=/i,
      );
    }
    expect(await rendered('{{#markdown}}*{{x}}*{{/markdown}}', { x: 1 })).toBe('<p><em>1</em></p>\n');
  });

  it('draws a QR code that reads back', async () => {
    const text = 'https://example.org/?q=Grüße&x=1';
    const svg = await rendered('{{qr text "30mm" level="Q" color="#123"}}', { text });
    expect(svg).toMatch(/^<svg role="img" aria-label="QR code: [^"<]*" width="30mm" height="30mm" viewBox/);
    expect(svg).toContain('fill="#112233"');
    expect(decodeQR(pixels(svg))).toBe(text);
    expect(await rendered('{{qr "x" margin=4}}')).toContain('viewBox="0 0 29 29"');
    expect(await rendered('[{{qr missing}}{{barcode "ean13" missing}}]')).toBe('[]');
  });

  it('draws barcodes with a size of their own', async () => {
    const svg = await rendered('{{barcode "ean13" "4006381333931" height="15mm" width=40}}');
    expect(svg).toMatch(
      /^<svg role="img" aria-label="Barcode: 4006381333931" width="40mm" height="[\d.]+mm"/,
    );
    for (const [type, text] of [
      ['code128', 'INV-1'],
      ['gs1-128', '(01)04012345123456'],
      ['datamatrix', 'x'],
      ['pdf417', 'y'],
      ['itf14', '04601234567893'],
      ['aztec', 'z'],
    ]) {
      expect(await rendered('{{barcode type text}}', { type, text })).toMatch(/^<svg .*<\/svg>$/s);
    }
  });

  it('never prints [object Object], NaN or undefined, whatever the values are', async () => {
    const values = [null, {}, [], [{}], '', 'x', -1, 1.5, true, '<b>', 1e300];
    for (const helper of HELPER_CATALOG) {
      if (helper.group === 'blocks' && helper.name !== 'lookup') continue;
      for (const a of values) {
        for (const count of [1, 2, 3]) {
          if (count < helper.args[0] || count > helper.args[1]) continue;
          const template = `{{${helper.name} ${['a', 'b', 'a'].slice(0, count).join(' ')}}}`;
          const output = await rendered(template, { a, b: 'x' }).catch(() => '');
          expect(output, template).not.toMatch(/\[object|NaN|Infinity|undefined/);
        }
      }
    }
  });
});

describe('the catalog', () => {
  it('has every helper of the product, each once', () => {
    const expected =
      'if unless each with lookup raw number currency percent add sub mul div mod math round floor ceil abs date dateAdd daysBetween today now upper lower title pad concat join plural json markdown eq ne lt lte gt gte and or not default sum avg min max count groupBy sortBy chunk range qr barcode pageOf pageCount toc';
    expect(HELPER_CATALOG.map(({ name }) => name)).toEqual(expected.split(' '));
    expect(HELPERS.size).toBe(HELPER_CATALOG.length);
  });

  for (const helper of HELPER_CATALOG) {
    it(`describes ${helper.name} with an example that is true`, async () => {
      expect(helper.signature).toContain(helper.name);
      expect(helper.doc).toMatch(/^[A-Z].*\.$/);
      for (const name of helper.named ?? []) expect(helper.signature).toContain(name);
      expect(helper.example.template).toContain(helper.name);
      expect(await rendered(helper.example.template, helper.example.data)).toBe(helper.example.output);
    });
  }

  it('says how a helper is called when it is called wrongly', async () => {
    for (const helper of HELPER_CATALOG) {
      if (helper.args[1] === Infinity) continue;
      const template = `{{${helper.name} ${'1 '.repeat(helper.args[1] + 1)}}}`;
      const error = await renderFailure(template);
      expect(error.code, template).toBe('TEMPLATE_HELPER_FAILED');
      expect(error.details.hint).toContain(helper.signature);
    }
  });
});

/** The drawing as the image that the decoder reads: four pixels a module and a quiet zone. */
function pixels(svg: string): { width: number; height: number; data: Uint8Array } {
  const side = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]);
  const scale = 4;
  const quiet = 4;
  const width = (side + 2 * quiet) * scale;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [, x, y, run] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1/g)) {
    for (let px = (Number(x) + quiet) * scale; px < (Number(x) + Number(run) + quiet) * scale; px++) {
      for (let py = (Number(y) + quiet) * scale; py < (Number(y) + 1 + quiet) * scale; py++) {
        data.fill(0, (py * width + px) * 4, (py * width + px) * 4 + 3);
      }
    }
  }
  return { width, height: width, data };
}
