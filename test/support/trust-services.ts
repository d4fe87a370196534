/** A time-stamp server, an OCSP responder and revocation lists on loopback, with every fault that a test asks for. */
import { createHash, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { readAsn1, TAG, type Asn1 } from '../../core/pdf/signing/asn1/asn1.ts';
import * as der from '../../core/pdf/signing/asn1/der.ts';
import { OID } from '../../core/pdf/signing/asn1/oids.ts';
import { issue, signatureAlgorithm, type Issued } from './signing-authority.ts';

/** What goes wrong with a time-stamp. */
export type TimeStampFault =
  | 'refuse'
  | 'status-500'
  | 'garbage'
  | 'hang'
  | 'hang-in-body'
  | 'nonce'
  | 'imprint'
  | 'hash'
  | 'signature'
  | 'no-certificate'
  | 'purpose'
  | 'too-large'
  | 'redirect'
  | 'password'
  | 'two-signers'
  | 'empty';

/** What goes wrong with an answer about revocation. */
export type RevocationFault =
  'stale' | 'future' | 'foreign' | 'spoiled' | 'other' | 'status-500' | 'garbage' | 'hang';

export interface TrustServices extends AsyncDisposable {
  readonly url: string;
  readonly root: Issued;
  readonly tsa: Issued;
  readonly responder: Issued;
  /** Addresses that were asked, in order. */
  readonly asked: string[];
  /** Numbers of certificates, in hexadecimal. */
  readonly revoked: Set<string>;
  timeStampFault: TimeStampFault | undefined;
  ocspFault: RevocationFault | undefined;
  crlFault: RevocationFault | undefined;
  /** Makes a certificate of the root that names the services here. */
  issue(name: string, options?: Partial<Parameters<typeof issue>[0]>): Issued;
}

const HOUR_MS = 60 * 60_000;
const POLICY = '1.3.6.1.4.1.99999.1';
const digestOf = (hash: string, bytes: Uint8Array): Buffer => createHash(hash).update(bytes).digest();

export async function openTrustServices(
  options: { readonly noCheck?: boolean } = {},
): Promise<TrustServices> {
  const root = issue({ name: 'Root of the services', authority: true });
  const responder = issue({
    name: 'OCSP',
    issuer: root,
    usage: 0x80,
    purposes: [OID.ocspSigning],
    ...options,
  });
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    answer(services, request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const named = { ocspUrl: `${url}/ocsp`, crlUrl: `${url}/crl` };
  const tsa = issue({ name: 'TSA', issuer: root, usage: 0x80, purposes: [OID.timeStamping], ...named });
  const services: TrustServices = {
    url,
    root,
    tsa,
    responder,
    asked,
    revoked: new Set(),
    timeStampFault: undefined,
    ocspFault: undefined,
    crlFault: undefined,
    issue: (name, options) => issue({ name, issuer: root, ...named, ...options }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return services;
}

async function answer(
  services: TrustServices,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = await buffer(request);
  switch (request.url) {
    case '/tsa':
      timeStamp(services, request, response, body);
      break;
    case '/ocsp':
      revocation(response, services.ocspFault, () => ocsp(services, body));
      break;
    case '/crl':
      revocation(response, services.crlFault, () => crl(services));
      break;
    case '/root.der':
      response.end(services.root.certificate.der);
      break;
    case undefined:
    default:
      response.writeHead(404).end();
  }
}

function timeStamp(
  services: TrustServices,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): void {
  const fault = services.timeStampFault;
  const end = (bytes: Uint8Array | string): void => {
    response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(bytes);
  };
  switch (fault) {
    case 'hang':
      return;
    case 'hang-in-body':
      response.writeHead(200, { 'content-length': '1000' }).write('x');
      return;
    case 'status-500':
      response.writeHead(500).end('out of order');
      return;
    case 'redirect':
      response.writeHead(302, { location: '/elsewhere' }).end();
      return;
    case 'password':
      if (request.headers.authorization === `Basic ${Buffer.from('tsa:secret').toString('base64')}`) break;
      response.writeHead(401, { 'www-authenticate': 'Basic realm="tsa"' }).end();
      return;
    case 'garbage':
      end('not ASN.1 at all');
      return;
    case 'empty':
      end('');
      return;
    case 'too-large':
      end(Buffer.alloc(2_000_000, 0x30));
      return;
    case 'refuse':
      end(der.sequence(der.sequence(der.integer(2))));
      return;
    case undefined:
    case 'nonce':
    case 'imprint':
    case 'hash':
    case 'signature':
    case 'no-certificate':
    case 'purpose':
    case 'two-signers':
  }
  end(der.sequence(der.sequence(der.integer(0)), token(services, readAsn1(body), fault)));
}

function token(
  { tsa, responder }: TrustServices,
  query: Asn1,
  fault: TimeStampFault | undefined,
): Uint8Array {
  const imprint = query.at(1, TAG.sequence);
  const nonce = query.find(TAG.integer, 2)?.content ?? new Uint8Array();
  const { key, certificate } = fault === 'purpose' ? responder : tsa;
  const spoil = (bytes: Uint8Array): Uint8Array =>
    Uint8Array.from(bytes, (byte, at) => (at === 3 ? byte ^ 1 : byte));
  const imprinted = imprint.at(1).octets;
  const info = der.sequence(
    der.integer(1),
    der.oid(POLICY),
    fault === 'hash'
      ? der.sequence(der.sequence(der.oid(OID.sha512)), der.octetString(imprinted))
      : fault === 'imprint'
        ? der.sequence(imprint.at(0).raw, der.octetString(spoil(imprinted)))
        : imprint.raw,
    der.integer(4711),
    Buffer.concat([Uint8Array.of(TAG.generalizedTime, 15), Buffer.from(now(0))]),
    der.sequence(der.integer(1)),
    der.unsignedInteger(fault === 'nonce' ? spoil(nonce) : nonce),
  );
  const attribute = (type: string, value: Uint8Array): Uint8Array =>
    der.sequence(der.oid(type), der.setOf(value));
  const certificateHash = digestOf('sha256', certificate.der);
  const attributes = der.setOf(
    attribute(OID.contentType, der.oid(OID.tstInfo)),
    attribute(OID.messageDigest, der.octetString(digestOf('sha256', info))),
    attribute(
      OID.signingCertificateV2,
      der.sequence(der.sequence(der.sequence(der.octetString(certificateHash)))),
    ),
  );
  const signature = sign('sha256', attributes, key);
  const signer = (serial: Uint8Array): Uint8Array =>
    der.sequence(
      der.integer(1),
      der.sequence(certificate.issuerName, der.unsignedInteger(serial)),
      der.sequence(der.oid(OID.sha256)),
      der.implicit(0, attributes),
      signatureAlgorithm(key),
      der.octetString(fault === 'signature' ? spoil(signature) : signature),
    );
  const signers = [
    signer(certificate.serial),
    ...(fault === 'two-signers' ? [signer(Uint8Array.of(1))] : []),
  ];
  const data = der.sequence(
    der.integer(3),
    der.setOf(der.sequence(der.oid(OID.sha256))),
    der.sequence(der.oid(OID.tstInfo), der.explicit(0, der.octetString(info))),
    ...(fault === 'no-certificate' ? [] : [der.implicit(0, der.setOf(certificate.der))]),
    der.setOf(...signers),
  );
  return der.sequence(der.oid(OID.signedData), der.explicit(0, data));
}

/** `20260101120000Z`, so many milliseconds from now. */
const now = (ahead: number): string =>
  `${new Date(Date.now() + ahead).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;

const generalizedTime = (ahead: number): Uint8Array =>
  Buffer.concat([Uint8Array.of(TAG.generalizedTime, 15), Buffer.from(now(ahead))]);

function revocation(
  response: ServerResponse,
  fault: RevocationFault | undefined,
  make: () => Uint8Array,
): void {
  if (fault === 'hang') return;
  if (fault === 'status-500') response.writeHead(500).end();
  else response.end(fault === 'garbage' ? 'no such thing' : make());
}

const updates = (fault: RevocationFault | undefined): readonly [number, number] =>
  fault === 'stale'
    ? [-9 * HOUR_MS, -HOUR_MS]
    : fault === 'future'
      ? [HOUR_MS, 9 * HOUR_MS]
      : [-HOUR_MS, 9 * HOUR_MS];

function ocsp({ responder, revoked, ocspFault }: TrustServices, body: Buffer): Uint8Array {
  const id = readAsn1(body).at(0).at(0).at(0).at(0);
  const serial = Buffer.from(id.at(3).content).toString('hex');
  const other = der.sequence(...id.children.slice(0, 3).map(({ raw }) => raw), der.integer(1));
  const { key, certificate } =
    ocspFault === 'foreign' ? issue({ name: 'Stranger', purposes: [OID.ocspSigning] }) : responder;
  const [from, to] = updates(ocspFault);
  const status = revoked.has(serial)
    ? der.implicit(1, der.sequence(generalizedTime(-2 * HOUR_MS)))
    : der.implicit(0, der.nothing());
  const data = der.sequence(
    der.explicit(1, certificate.subjectName),
    generalizedTime(from),
    der.sequence(
      der.sequence(
        ocspFault === 'other' ? other : id.raw,
        status,
        generalizedTime(from),
        der.explicit(0, generalizedTime(to)),
      ),
    ),
  );
  const signature = sign('sha256', ocspFault === 'spoiled' ? Buffer.from('else') : data, key);
  const basic = der.sequence(
    data,
    signatureAlgorithm(key),
    der.bitString(signature),
    der.explicit(0, der.sequence(certificate.der)),
  );
  const bytes = der.sequence(der.oid(OID.ocspBasic), der.octetString(basic));
  return der.sequence(Uint8Array.of(TAG.enumerated, 1, 0), der.explicit(0, bytes));
}

function crl({ root, revoked, crlFault }: TrustServices): Uint8Array {
  const issuer = crlFault === 'other' ? issue({ name: 'Other root', authority: true }) : root;
  const { key } = crlFault === 'foreign' ? issue({ name: 'Stranger', authority: true }) : issuer;
  const algorithm = signatureAlgorithm(key);
  const [from, to] = updates(crlFault);
  const entries = [...revoked].map((serial) =>
    der.sequence(der.unsignedInteger(Buffer.from(serial, 'hex')), generalizedTime(-2 * HOUR_MS)),
  );
  const signed = der.sequence(
    der.integer(1),
    algorithm,
    issuer.certificate.subjectName,
    generalizedTime(from),
    generalizedTime(to),
    ...(entries.length === 0 ? [] : [der.sequence(...entries)]),
  );
  const signature = sign('sha256', crlFault === 'spoiled' ? Buffer.from('else') : signed, key);
  return der.sequence(signed, algorithm, der.bitString(signature));
}

export const serialOf = ({ certificate }: Issued): string => Buffer.from(certificate.serial).toString('hex');
