/** Whom signing may ask about revocation, by the environment. */
import { expect, test } from 'vitest';
import { revocationSetting } from '../../headless/revocation-setting.ts';

test.each([
  [undefined, undefined],
  ['', undefined],
  ['off', 'off'],
  ['from-certificates', 'from-certificates'],
  ['ocsp.example', { hosts: ['ocsp.example'] }],
  [' ocsp.example, crl.example:8080 [::1]:80', { hosts: ['ocsp.example', 'crl.example:8080', '[::1]:80'] }],
])('reads %j', (value, expected) => {
  expect(revocationSetting({ INFLUXION_REVOCATION: value })).toEqual(expected);
});

test.each(['http://ocsp.example/', 'ocsp.example/path', 'from certificates!', '*'])('refuses %j', (value) => {
  expect(() => revocationSetting({ INFLUXION_REVOCATION: value })).toThrow(/is no host/);
});

test('asks nobody because a time-stamp server is named', () => {
  expect(revocationSetting({ INFLUXION_TIME_STAMP_URL: 'https://tsa.example/' })).toBeUndefined();
});
