/** XML read as it comes: what the handlers make of each piece is given on before the next piece is read. */
import { StringDecoder } from 'node:string_decoder';
import { SaxesParser } from 'saxes';
import { rowsInvalid } from '../rows-error.ts';
import { MAX_ROW_BYTES } from '../row-source.ts';

export interface XmlHandlers {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  text(text: string): void;
  close(name: string): void;
}

/** Element names come without their prefix. Errors: ROWS_INVALID for what is no XML, or a text of many megabytes. */
export async function* readXml<Item>(
  chunks: AsyncIterable<Buffer>,
  part: string,
  handlersFor: (give: (item: Item) => void) => XmlHandlers,
): AsyncGenerator<Item> {
  let items: Item[] = [];
  const handlers = handlersFor((item) => items.push(item));
  const parser = new SaxesParser();
  let sinceEvent = 0;
  parser.on('error', (error) => {
    throw rowsInvalid(`The part "${part}" of the spreadsheet is damaged: ${error.message}.`);
  });
  parser.on('opentag', ({ name, attributes }) => {
    sinceEvent = 0;
    handlers.open(localName(name), attributes);
  });
  parser.on('text', (text) => handlers.text(text));
  parser.on('cdata', (text) => handlers.text(text));
  parser.on('closetag', ({ name }) => {
    sinceEvent = 0;
    handlers.close(localName(name));
  });
  const decoder = new StringDecoder('utf8');
  for await (const chunk of chunks) {
    const text = decoder.write(chunk);
    sinceEvent += text.length;
    parser.write(text);
    if (sinceEvent > MAX_ROW_BYTES + chunk.length) {
      throw rowsInvalid(`A cell is larger than ${MAX_ROW_BYTES / 1024 / 1024} MB.`);
    }
    yield* items;
    items = [];
  }
  parser.close();
  yield* items;
}

/** Reads a part to its end for what its handlers keep. */
export async function scanXml(chunks: AsyncIterable<Buffer>, part: string, handlers: XmlHandlers) {
  const reading = readXml<never>(chunks, part, () => handlers);
  while ((await reading.next()).done !== true);
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);
