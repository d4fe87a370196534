/** One invoice in each profile of Factur-X, made from the one in EN 16931 by leaving out what a profile does not know. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

const FULL = readFileSync(path.join(import.meta.dirname, '../fixtures/factur-x/factur-x.xml'), 'utf8');

const without = (xml: string, ...names: string[]): string =>
  names.reduce(
    (text, name) => text.replaceAll(new RegExp(`\\s*<ram:${name}>.*?</ram:${name}>`, 'gs'), ''),
    xml,
  );

const guideline = (xml: string, id: string): string =>
  xml.replace('<ram:ID>urn:cen.eu:en16931:2017</ram:ID>', `<ram:ID>${id}</ram:ID>`);

const BUSINESS_PROCESS = `<ram:BusinessProcessSpecifiedDocumentContextParameter>
      <ram:ID>urn:fdc:peppol.eu:2017:poacc:billing:01:1.0</ram:ID>
    </ram:BusinessProcessSpecifiedDocumentContextParameter>
    <ram:GuidelineSpecified`;

const NO_LINES = without(FULL, 'IncludedSupplyChainTradeLineItem', 'DefinedTradeContact');

export const INVOICES: Readonly<Record<string, string>> = {
  MINIMUM: without(
    guideline(NO_LINES, 'urn:factur-x.eu:1p0:minimum'),
    'PostcodeCode',
    'LineOne',
    'CityName',
    'URIUniversalCommunication',
    'ActualDeliverySupplyChainEvent',
    'PaymentReference',
    'SpecifiedTradeSettlementPaymentMeans',
    'ApplicableTradeTax',
    'SpecifiedTradePaymentTerms',
    'LineTotalAmount',
  )
    .replace(
      /<ram:ApplicableHeaderTradeDelivery>\s*<\/ram:ApplicableHeaderTradeDelivery>/,
      '<ram:ApplicableHeaderTradeDelivery/>',
    )
    .replace(/(<ram:BuyerTradeParty>.*?)\s*<ram:PostalTradeAddress>.*?<\/ram:PostalTradeAddress>/s, '$1'),
  'BASIC WL': guideline(NO_LINES, 'urn:factur-x.eu:1p0:basicwl'),
  BASIC: guideline(
    without(FULL, 'DefinedTradeContact'),
    'urn:cen.eu:en16931:2017#compliant#urn:factur-x.eu:1p0:basic',
  ),
  'EN 16931': FULL,
  EXTENDED: guideline(FULL, 'urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended'),
  XRECHNUNG: guideline(FULL, 'urn:cen.eu:en16931:2017#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0').replace(
    '<ram:GuidelineSpecified',
    BUSINESS_PROCESS,
  ),
};

/** EN 16931 with sums that do not add up (BR-CO-15). */
export const WRONG_SUM = FULL.replace(
  '<ram:GrandTotalAmount>285.60</ram:GrandTotalAmount>',
  '<ram:GrandTotalAmount>285.61</ram:GrandTotalAmount>',
);
