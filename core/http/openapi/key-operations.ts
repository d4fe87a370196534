/** What the OpenAPI document says of the keys that sign documents. */
import type { ErrorCode } from '../../../contract/errors.ts';
import { CreateKeyRequest, ImportKeyRequest, KeyFacts, KeyList } from '../../../contract/key.ts';
import { json, type OperationDoc } from './operation.ts';

const KEY = {
  id: 'sign-key-id',
  type: 'rsa',
  size: 3072,
  curve: null,
  subject: 'CN=Accounts,O=Example,C=DE',
  issuer: 'CN=Accounts,O=Example,C=DE',
  serial: '5A0F3C7E1D2B4A69',
  fingerprint: Array.from({ length: 32 }, () => 'AB').join(':'),
  not_before: '2026-01-01T12:00:00.000Z',
  not_after: '2029-01-01T12:00:00.000Z',
  self_signed: true,
  chain: [],
  created_at: '2026-01-01T12:00:00.000Z',
  protection:
    'Encrypted with AES-256-GCM; the key is a file in the data folder that only its owner may read.',
  warnings: ['The certificate is self-signed: readers trust it only where it was added by hand.'],
};

const LOCATION = { Location: 'Where it is' };
const BODY_PROBLEMS: readonly ErrorCode[] = [
  'BAD_JSON',
  'BODY_TOO_LARGE',
  'UNSUPPORTED_MEDIA_TYPE',
  'VALIDATION_FAILED',
  'KEY_EXISTS',
  'DATA_FOLDER_UNUSABLE',
  'DISK_FULL',
];

export const KEY_OPERATIONS: readonly OperationDoc[] = [
  {
    method: 'get',
    path: '/keys',
    id: 'listKeys',
    tag: 'Keys',
    summary: 'List the keys that can sign documents',
    description: 'Their ids are what `sign_key_id` takes.',
    scope: 'pdf',
    replies: [{ status: 200, description: 'All of them', bodies: json(KeyList, { keys: [KEY] }) }],
  },
  {
    method: 'post',
    path: '/keys',
    id: 'createKey',
    tag: 'Keys',
    summary: 'Make a key with a certificate that it issues for itself',
    scope: 'admin',
    bodies: json(CreateKeyRequest, { id: 'sign-key-id', common_name: 'Accounts', organization: 'Example' }),
    replies: [{ status: 201, description: 'Made', headers: LOCATION, bodies: json(KeyFacts, KEY) }],
    problems: BODY_PROBLEMS,
  },
  {
    method: 'put',
    path: '/keys/:id',
    id: 'importKey',
    tag: 'Keys',
    summary: 'Import a key with its certificate and the issuers',
    description:
      'There must be none of that name yet. The private key is stored encrypted; the file and its passphrase are not kept.',
    scope: 'admin',
    bodies: json(ImportKeyRequest, { content: 'MIIKiwIBAzCC', passphrase: 'of the file' }),
    replies: [{ status: 201, description: 'Imported', headers: LOCATION, bodies: json(KeyFacts, KEY) }],
    problems: [...BODY_PROBLEMS, 'KEY_INVALID', 'KEY_PASSWORD_WRONG', 'KEY_UNUSABLE'],
  },
  {
    method: 'get',
    path: '/keys/:id',
    id: 'getKey',
    tag: 'Keys',
    summary: 'The public facts of a key',
    scope: 'pdf',
    replies: [{ status: 200, description: 'The key', bodies: json(KeyFacts, KEY) }],
    problems: ['KEY_NOT_FOUND'],
  },
  {
    method: 'delete',
    path: '/keys/:id',
    id: 'removeKey',
    tag: 'Keys',
    summary: 'Remove a key for good; what it signed stays signed',
    scope: 'admin',
    replies: [{ status: 204, description: 'Removed' }],
    problems: ['KEY_NOT_FOUND', 'DATA_FOLDER_UNUSABLE'],
  },
  {
    method: 'get',
    path: '/keys/:id/certificate',
    id: 'getCertificate',
    tag: 'Keys',
    summary: 'The certificate of a key and those of its issuers',
    scope: 'pdf',
    replies: [
      {
        status: 200,
        description: 'PEM, the certificate of the key first',
        headers: { 'Content-Disposition': 'The file name' },
        bodies: [{ type: 'application/pem-certificate-chain' }],
      },
    ],
    problems: ['KEY_NOT_FOUND'],
  },
];
