import { expect, test } from 'vitest';
import { parseBrokerUrl } from '../../../../core/transport/celery/broker-url.ts';

// As kombu 5.7 reads them: Connection(url).as_uri(include_password=True) and .virtual_host.
test.each([
  ['amqp://guest@localhost//', { hostname: 'localhost', port: 5672, username: 'guest', vhost: '/' }],
  ['amqp://guest:guest@127.0.0.1:25672//', { hostname: '127.0.0.1', port: 25672, vhost: '/' }],
  ['amqp://', { hostname: 'localhost', username: 'guest', password: 'guest', vhost: '/' }],
  ['amqp://u:p%40s%2Fs@broker/prod', { username: 'u', password: 'p@s/s', hostname: 'broker', vhost: 'prod' }],
  ['amqp://u:p@broker/%2Fprod', { vhost: '/prod' }],
  ['amqp://u:p@broker//prod', { vhost: '/prod' }],
  ['pyamqp://u:p@broker:80/x', { port: 80 }],
  ['amqp://u:p@[::1]:5673/x', { hostname: '::1', port: 5673 }],
  [
    'amqps://u:p@broker/x',
    { port: 5671, tls: expect.objectContaining({ verify: true, checkHostname: true }) as object },
  ],
  ['amqp://u:p@broker/x?heartbeat=30', { heartbeatS: 30, tls: undefined }],
  ['amqp://u:p@broker/x?heartbeat=0', { heartbeatS: 0 }],
  [
    'amqps://u:p@broker/x?ssl_ca_certs=/etc/ca.pem&ssl_cert_reqs=CERT_NONE&ssl_check_hostname=false',
    {
      tls: expect.objectContaining({ caFile: '/etc/ca.pem', verify: false, checkHostname: false }) as object,
    },
  ],
  [
    'amqps://u:p@broker/x?cacertfile=/ca.pem&certfile=/c.pem&keyfile=/k.pem&verify=verify_peer',
    { tls: { caFile: '/ca.pem', certFile: '/c.pem', keyFile: '/k.pem', verify: true, checkHostname: true } },
  ],
])('%s', (url, wanted) => {
  expect(parseBrokerUrl(url)).toMatchObject(wanted);
});

test('what is shown has no password, and can be read as an address', () => {
  const address = parseBrokerUrl('amqps://me:s3cret@broker/prod?ssl_keyfile=/k.pem');
  expect(address.shown).toBe('amqps://me@broker:5671/prod');
  expect(parseBrokerUrl('amqp://guest@localhost//').shown).toBe('amqp://guest@localhost:5672/');
});

test.each([
  ['redis://u:s3cret@localhost', /"redis" are not supported/],
  ['localhost:5672', /not a URL/],
  ['amqp://u:s3cret@host:99999/', /not a URL with a host name/],
  ['amqp://u:s3cret%zz@host/', /"%25"/],
  ['amqp://u:s3cret@host/?heartbeat=soon', /number of seconds/],
])('%s is refused without its password', (url, reason) => {
  const parse = () => parseBrokerUrl(url);
  expect(parse).toThrow(reason);
  expect(parse).not.toThrow(/s3cret/);
});
