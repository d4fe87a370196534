import { createHash, randomBytes, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readAsn1 } from '../../../../core/pdf/signing/asn1/asn1.ts';
import { OID } from '../../../../core/pdf/signing/asn1/oids.ts';
import { addTimeStamp, signatureValue } from '../../../../core/pdf/signing/cms/add-time-stamp.ts';
import { buildCms } from '../../../../core/pdf/signing/cms/build-cms.ts';
import { isIntact, namesItsCertificate, parseCms } from '../../../../core/pdf/signing/cms/parse-cms.ts';
import { createSigner, type Signer } from '../../../../core/pdf/signing/keys/signer.ts';
import { issue } from '../../../support/signing-authority.ts';

const root = issue({ name: 'Root', authority: true });

function signerOf(type: 'rsa' | 'P-256' | 'P-384'): Signer {
  const { key, certificate } = issue({ name: 'Signer', type, issuer: root });
  return createSigner(key, certificate, [root.certificate]);
}

const document = randomBytes(5000);

describe.each(['rsa', 'P-256', 'P-384'] as const)('a signature with %s', (type) => {
  const signer = signerOf(type);
  const digest = createHash(signer.hash).update(document).digest();
  const build = () => buildCms({ digest, hash: signer.hash, signer });

  it('is a CAdES signature: three attributes, no signing time, both certificates', async () => {
    const { signers, certificates, content, contentType } = parseCms(await build());
    expect([contentType, content]).toEqual([OID.pkcs7Data, undefined]);
    expect(certificates.map(({ subject }) => subject).sort()).toEqual([
      'CN=Root,O=Influxion Test,C=XX',
      'CN=Signer,O=Influxion Test,C=XX',
    ]);
    expect(signers).toHaveLength(1);
    const [info] = signers;
    if (info === undefined) return;
    expect([...info.signedAttributes.keys()].sort()).toEqual(
      [OID.contentType, OID.messageDigest, OID.signingCertificateV2].sort(),
    );
    expect(info.signingTime).toBeUndefined();
    expect(info.hash).toBe(signer.hash);
    expect(namesItsCertificate(info)).toBe(true);
    expect(isIntact(info, digest)).toBe(true);
    expect(isIntact(info, createHash(signer.hash).update('other').digest())).toBe(false);
    // What the platform says of it, without a line of ours in between.
    const key = { key: Buffer.from(signer.certificate.publicKey), format: 'der', type: 'spki' } as const;
    expect(verify(signer.hash, info.signedBytes ?? Buffer.alloc(0), key, info.signature)).toBe(true);
  });

  it('leaves out of signing-certificate-v2 what is the default (RFC 5035)', async () => {
    const [info] = parseCms(await build()).signers;
    const hash = createHash('sha256').update(signer.certificate.der).digest();
    const value = info?.signedAttributes.get(OID.signingCertificateV2);
    expect(Buffer.from(value?.raw ?? []).toString('hex')).toBe(`3026302430220420${hash.toString('hex')}`);
  });

  it('is DER: sets are in order, and padding behind it does not matter', async () => {
    const cms = await build();
    expect(readAsn1(cms).raw.length).toBe(cms.length);
    const set = readAsn1(cms).at(1).at(0).at(4).at(0).at(3);
    const elements = set.children.map(({ raw }) => Buffer.from(raw));
    expect(elements).toEqual(elements.toSorted((a, b) => Buffer.compare(a, b)));
    expect(parseCms(Buffer.concat([cms, Buffer.alloc(500)])).signers).toHaveLength(1);
  });

  it('takes a time-stamp in, and stays as it was otherwise', async () => {
    const cms = await build();
    const token = readAsn1(await build()).raw;
    const stamped = addTimeStamp(cms, token);
    const [before] = parseCms(cms).signers;
    const [after] = parseCms(stamped).signers;
    expect(Buffer.from(after?.timeStamp ?? []).equals(token)).toBe(true);
    expect(after?.signature).toEqual(before?.signature);
    expect(signatureValue(stamped)).toEqual(before?.signature);
    expect(after && isIntact(after, digest)).toBe(true);
    expect([...(after?.unsignedAttributes.keys() ?? [])]).toEqual([OID.signatureTimeStamp]);
  });

  it('is not intact with any byte of its digest or signature changed, and never crashes its reader', async () => {
    const cms = await build();
    const [info] = parseCms(cms).signers;
    expect(info && isIntact(info, digest)).toBe(true);
    let intact = 0;
    const places = [info?.messageDigest, info?.signature].flatMap((part = new Uint8Array()) => {
      const start = Buffer.from(cms).indexOf(part);
      return Array.from(part, (_byte, index) => start + index);
    });
    for (const at of places) {
      const spoiled = Uint8Array.from(cms);
      spoiled[at] = (spoiled[at] ?? 0) ^ 0x55;
      try {
        const [read] = parseCms(spoiled).signers;
        if (read !== undefined && isIntact(read, digest) && namesItsCertificate(read) === true) intact += 1;
      } catch (error) {
        expect(error).toMatchObject({ name: 'Asn1Error' });
      }
    }
    expect(intact).toBe(0);
  });
});
