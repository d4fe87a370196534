import { describe, expect, it } from 'vitest';
import { blobOrigins, celerySettings } from '../../headless/celery-settings.ts';

const ON = { INFLUXION_USE_CELERY: '1' };

describe('the broker in the environment', () => {
  it.each([undefined, '', '0', 'false', 'No', 'off'])('is not asked for by %j', (value) => {
    expect(celerySettings({ INFLUXION_USE_CELERY: value })).toBeUndefined();
  });

  it('is that of Celery by default', () => {
    expect(celerySettings(ON)).toMatchObject({
      broker: { hostname: 'localhost', port: 5672, vhost: '/', username: 'guest' },
      queue: { name: 'celery', type: 'classic' },
      signing: 'host',
      blobs: { inlineBytes: 262_144, url: undefined, s3: undefined },
    });
  });

  it('says all else too', () => {
    const settings = celerySettings({
      ...ON,
      INFLUXION_CELERY_BROKER_URL: 'amqps://u:p%40@broker.example.com/team',
      INFLUXION_CELERY_RESULT_BACKEND: 'rpc',
      INFLUXION_CELERY_QUEUE: 'pdf',
      INFLUXION_CELERY_QUEUE_TYPE: 'quorum',
      INFLUXION_CELERY_SIGNING: 'worker',
      INFLUXION_BLOBS_ABOVE: '1000',
      INFLUXION_BLOBS_URL: 'http://api.example.com:8787/',
    });
    expect(settings).toMatchObject({
      broker: { hostname: 'broker.example.com', port: 5671, vhost: 'team', password: 'p@' },
      queue: { name: 'pdf', type: 'quorum' },
      signing: 'worker',
      blobs: { inlineBytes: 1000, url: 'http://api.example.com:8787' },
    });
    expect(settings?.broker.shown).not.toContain('p@');
  });

  it('names an S3-compatible store, with all that it needs', () => {
    const s3 = {
      INFLUXION_BLOBS: 's3',
      INFLUXION_S3_ENDPOINT: 'https://s3.example.com',
      INFLUXION_S3_BUCKET: 'pdf',
      INFLUXION_S3_ACCESS_KEY_ID: 'id',
      INFLUXION_S3_SECRET_ACCESS_KEY: 'hush',
    };
    expect(celerySettings({ ...ON, ...s3 })?.blobs.s3).toMatchObject({ bucket: 'pdf', region: 'us-east-1' });
    for (const name of Object.keys(s3).filter((one) => one !== 'INFLUXION_BLOBS')) {
      expect(() => celerySettings({ ...ON, ...s3, [name]: '' })).toThrow(name);
    }
  });

  it.each([
    ['INFLUXION_CELERY_RESULT_BACKEND', 'redis://:hush@localhost', /results over "redis" are not supported/],
    ['INFLUXION_CELERY_RESULT_BACKEND', 'db+postgresql://u:hush@h/x', /"db\+postgresql"/],
    ['INFLUXION_CELERY_BROKER_URL', 'sqs://key:hush@', /brokers of the kind "sqs"/],
    ['INFLUXION_CELERY_QUEUE_TYPE', 'stream', /there is no "stream"/],
    ['INFLUXION_CELERY_SIGNING', 'nobody', /there is no "nobody"/],
    ['INFLUXION_BLOBS', 'ftp', /there is no "ftp"/],
    ['INFLUXION_BLOBS_ABOVE', '1 MB', /no number of bytes/],
    ['INFLUXION_BLOBS_URL', 'api.example.com', /is no origin/],
    ['INFLUXION_BLOBS_URL', 'http://api.example.com/blobs', /is no origin/],
  ])('refuses %s=%s without telling a password', (name, value, message) => {
    let failure: unknown;
    try {
      celerySettings({ ...ON, [name]: value });
    } catch (error) {
      failure = error;
    }
    expect(String(failure)).toMatch(message);
    expect(JSON.stringify(failure) + String(failure)).not.toContain('hush');
  });

  it('lists the origins that a worker may ask', () => {
    expect(blobOrigins({})).toBeUndefined();
    expect(blobOrigins({ INFLUXION_BLOB_ORIGINS: 'http://a:1, https://b/' })).toEqual([
      'http://a:1',
      'https://b',
    ]);
    expect(() => blobOrigins({ INFLUXION_BLOB_ORIGINS: 'a' })).toThrow(/no origin/);
  });
});
