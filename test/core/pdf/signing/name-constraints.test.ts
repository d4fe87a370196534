/** Authorities that may issue certificates only for some names. */
import { expect, test } from 'vitest';
import * as der from '../../../../core/pdf/signing/asn1/der.ts';
import { buildChain } from '../../../../core/pdf/signing/verify/certificate-chain.ts';
import { mailName } from '../../../../core/pdf/signing/x509/names.ts';
import { issue, type IssueOptions } from '../../../support/signing-authority.ts';

const rdn = (id: string, value: Uint8Array): Uint8Array => der.setOf(der.sequence(der.oid(id), value));
/** `directoryName [4]` of everybody in an organization; the authority of the tests is in "Influxion Test". */
const organization = (name: string): Uint8Array =>
  der.explicit(
    4,
    der.sequence(rdn('2.5.4.6', der.printableString('xx')), rdn('2.5.4.10', der.utf8String(name))),
  );

function trustUnder(constraints: Partial<IssueOptions>, leaf: Partial<IssueOptions> = {}): string {
  const root = issue({ name: 'Root', authority: true, usage: 0x06 });
  const middle = issue({ name: 'Middle', authority: true, usage: 0x06, issuer: root, ...constraints });
  const signer = issue({ name: 'Signer', issuer: middle, ...leaf });
  const chain = buildChain(signer.certificate, {
    pool: [middle.certificate],
    roots: [root.certificate],
    at: Date.now(),
  });
  expect(chain.certificates).toHaveLength(3);
  return chain.problems.length === 0 ? chain.trust : chain.problems.join(' ');
}

test.each<[string, Partial<IssueOptions>, Partial<IssueOptions>]>([
  ['no names are restricted', {}, {}],
  ['its organization is permitted, in other letters', { permitted: [organization('INFLUXION  test')] }, {}],
  ['another organization is excluded', { excluded: [organization('Another')] }, {}],
  [
    'its mailbox is below a permitted host',
    { permitted: [mailName('.example.com')] },
    { otherNames: [mailName('ada@mail.example.com')] },
  ],
])('trusts a signer when %s', (_, constraints, leaf) => {
  expect(trustUnder(constraints, leaf)).toBe('trusted');
});

test.each<[string, Partial<IssueOptions>, Partial<IssueOptions>]>([
  ['only another organization is permitted', { permitted: [organization('Another')] }, {}],
  ['its organization is excluded', { excluded: [organization('Influxion Test')] }, {}],
  [
    'its mailbox is at another host',
    { permitted: [mailName('example.com')] },
    { otherNames: [mailName('ada@example.org')] },
  ],
  [
    'its mailbox is excluded though its host is permitted',
    { permitted: [mailName('example.com')], excluded: [mailName('ada@example.com')] },
    { otherNames: [mailName('Ada@example.com')] },
  ],
])('does not trust a signer when %s', (_, constraints, leaf) => {
  expect(trustUnder(constraints, leaf)).toMatch(/may not issue certificates for "CN=Signer/);
});
