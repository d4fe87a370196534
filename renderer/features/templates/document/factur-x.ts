/** The XML of an invoice that is made from the same data as its pages. */
import type { TemplateAttachment } from '../../../../contract/document.ts';

/** ZUGFeRD 2.1 and Factur-X 1.0 name the file so. */
const FILENAME = 'factur-x.xml';

export const FACTUR_X_PARTIAL = `partials/${FILENAME}.hbs`;

export const FACTUR_X_ATTACHMENT: TemplateAttachment = {
  filename: FILENAME,
  partial: FILENAME,
  profile: 'factur-x',
  description: 'The invoice for programs',
};

/** Of the profile MINIMUM, which holds the parties, the sums and the dates; the fields are those of the invoice among the samples. */
export const FACTUR_X_STARTER = `<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
  xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
  xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
  <rsm:ExchangedDocumentContext>
    <ram:GuidelineSpecifiedDocumentContextParameter>
      <ram:ID>urn:factur-x.eu:1p0:minimum</ram:ID>
    </ram:GuidelineSpecifiedDocumentContextParameter>
  </rsm:ExchangedDocumentContext>
  <rsm:ExchangedDocument>
    <ram:ID>{{invoice_no}}</ram:ID>
    <ram:TypeCode>380</ram:TypeCode>
    <ram:IssueDateTime>
      {{! Year, month and day without signs between: 20260501 }}
      <udt:DateTimeString format="102">{{date issued "yyyyMMdd"}}</udt:DateTimeString>
    </ram:IssueDateTime>
  </rsm:ExchangedDocument>
  <rsm:SupplyChainTradeTransaction>
    <ram:ApplicableHeaderTradeAgreement>
      <ram:SellerTradeParty>
        <ram:Name>{{seller.name}}</ram:Name>
        <ram:PostalTradeAddress>
          <ram:CountryID>{{default seller.country_code "DE"}}</ram:CountryID>
        </ram:PostalTradeAddress>
        <ram:SpecifiedTaxRegistration>
          <ram:ID schemeID="VA">{{seller.vat_id}}</ram:ID>
        </ram:SpecifiedTaxRegistration>
      </ram:SellerTradeParty>
      <ram:BuyerTradeParty>
        <ram:Name>{{buyer.name}}</ram:Name>
      </ram:BuyerTradeParty>
    </ram:ApplicableHeaderTradeAgreement>
    <ram:ApplicableHeaderTradeDelivery/>
    <ram:ApplicableHeaderTradeSettlement>
      <ram:InvoiceCurrencyCode>{{currency_code}}</ram:InvoiceCurrencyCode>
      <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
        <ram:TaxBasisTotalAmount>{{number net decimals=2 grouping=false locale="en"}}</ram:TaxBasisTotalAmount>
        <ram:TaxTotalAmount currencyID="{{currency_code}}">{{number (math total "-" net) decimals=2 grouping=false locale="en"}}</ram:TaxTotalAmount>
        <ram:GrandTotalAmount>{{number total decimals=2 grouping=false locale="en"}}</ram:GrandTotalAmount>
        <ram:DuePayableAmount>{{number total decimals=2 grouping=false locale="en"}}</ram:DuePayableAmount>
      </ram:SpecifiedTradeSettlementHeaderMonetarySummation>
    </ram:ApplicableHeaderTradeSettlement>
  </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>
`;
