import { describe, expect, it } from 'vitest';
import { findUnusableEntry, permitFor } from '../../../core/webhooks/allowed-address.ts';
import { refuseAddresses, refuseNumber } from '../../../core/webhooks/reach.ts';

const permit = (url: string, ...allowed: string[]) => permitFor(new URL(url), allowed);

describe('the list of allowed addresses', () => {
  it('is empty at first, and then nothing is allowed', () => {
    expect(permit('https://example.com/')).toBeUndefined();
  });

  it.each([
    ['https://hooks.example.com/a', 'hooks.example.com'],
    ['http://hooks.example.com/a', 'hooks.example.com'],
    ['https://HOOKS.example.com/a', 'hooks.Example.com'],
    ['http://127.0.0.1:9000/', '127.0.0.1:9000'],
    ['http://0x7f.1:9000/', '127.0.0.1:9000'],
    ['http://[::1]:9000/', '[::1]:9000'],
    ['https://hooks.example.com/in/job', 'https://hooks.example.com/in'],
    ['https://hooks.example.com/in/job', 'https://hooks.example.com/in/'],
    ['http://example.com:80/', 'example.com:80'],
  ])('%s is covered by %s, which names its host', (url, entry) => {
    expect(permit(url, entry)).toEqual({ named: true });
  });

  it('a domain covers the hosts in it without naming one', () => {
    expect(permit('https://a.b.example.com/', '*.example.com')).toEqual({ named: false });
    expect(permit('https://a.example.com/', '*.example.com', 'a.example.com')).toEqual({ named: true });
  });

  it.each([
    ['https://evil.com/hooks.example.com', 'hooks.example.com'],
    ['https://hooks.example.com.evil.com/', 'hooks.example.com'],
    ['https://evilexample.com/', '*.example.com'],
    ['https://example.com/', '*.example.com'],
    ['https://a.example.com:8443/', '*.example.com'],
    ['https://hooks.example.com:22/', 'hooks.example.com'],
    ['https://hooks.example.com/inner', 'https://hooks.example.com/in'],
    ['https://hooks.example.com/in/../admin', 'https://hooks.example.com/in'],
    ['https://hooks.example.com/in/%2e%2e/admin', 'https://hooks.example.com/in'],
    ['https://hooks.example.com/in/..%2fadmin', 'https://hooks.example.com/in'],
    ['http://hooks.example.com/in/job', 'https://hooks.example.com/in'],
    ['ftp://hooks.example.com/', 'hooks.example.com'],
    ['file://hooks.example.com/', 'hooks.example.com'],
  ])('%s is not covered by %s', (url, entry) => {
    expect(permit(url, entry)).toBeUndefined();
  });

  it.each([
    ...[
      '*',
      '*.',
      'a b',
      'user@example.com',
      'example.com/path',
      'ftp://example.com',
      '*.127.0.0.1',
      '*.a:80',
    ],
    'https://u:p@example.com/',
    'https://example.com/?q',
  ])('"%s" names no address', (entry) => {
    expect(findUnusableEntry(['example.com', entry])).toBe(entry);
  });
});

const NAMED = { named: true };
const BY_DOMAIN = { named: false };
const at = (...addresses: string[]) =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

describe('what a name may lead to', () => {
  it.each(['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946', '64:ff9b::5db8:d822'])(
    '%s is public',
    (address) => {
      expect(refuseAddresses('a.example.com', at(address), BY_DOMAIN)).toBeUndefined();
    },
  );

  it.each([
    ...['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1', '64:ff9b::7f00:1'],
    ...['169.254.169.254', 'fe80::1', '0.0.0.0', '::', '255.255.255.255', '224.0.0.1', 'ff02::1'],
    ...['198.51.100.7', '2001:db8::1', '2002:7f00:1::', '64:ff9b:1::7f00:1', '240.0.0.1', 'nonsense'],
  ])('%s is out of reach even for a host that the owner named', (address) => {
    expect(refuseAddresses('hooks.example.com', at(address), NAMED)).toEqual(expect.any(String));
  });

  it.each(['10.1.2.3', '172.16.0.1', '192.168.1.1', '100.64.0.1', 'fd00::1', '::ffff:10.0.0.1'])(
    '%s is reached only by a name that the owner listed as itself',
    (address) => {
      expect(refuseAddresses('erp.example.com', at(address), NAMED)).toBeUndefined();
      expect(refuseAddresses('erp.example.com', at(address), BY_DOMAIN)).toBe(
        'is an address of a private network',
      );
    },
  );

  it('one address out of reach spoils the others', () => {
    expect(refuseAddresses('a.example.com', at('93.184.216.34', '127.0.0.1'), NAMED)).toBe(
      'is an address of this computer itself',
    );
  });

  it('localhost is this computer when the owner named it so', () => {
    expect(refuseAddresses('localhost', at('127.0.0.1', '::1'), NAMED)).toBeUndefined();
    expect(refuseAddresses('hooks.localhost', at('127.0.0.1'), BY_DOMAIN)).toBeDefined();
    expect(refuseAddresses('localhost', at('10.0.0.1'), BY_DOMAIN)).toBeDefined();
  });

  it('a number is reached when the owner named that number', () => {
    expect(refuseNumber(new URL('http://127.0.0.1:1/'), NAMED)).toBeUndefined();
    expect(refuseNumber(new URL('http://[fe80::1]:1/'), NAMED)).toBeUndefined();
    expect(refuseNumber(new URL('http://0.0.0.0:1/'), NAMED)).toBe('stands for no computer');
    expect(refuseNumber(new URL('http://example.com/'), BY_DOMAIN)).toBeUndefined();
  });
});
