import { expect, it } from 'vitest';
import { WebhookSecret, WebhookUrl } from '../../../contract/webhook-target.ts';
import { newMessageId, newWebhookSecret, signedHeaders } from '../../../core/webhooks/signature.ts';

it('signs as the reference implementations of Standard Webhooks do', () => {
  const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}' };
  expect(signedHeaders(message, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 1_614_265_330_999)).toEqual({
    'webhook-id': message.id,
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

it('makes secrets that requests may name, and ids that cannot move the borders of what is signed', () => {
  expect(WebhookSecret.safeParse(newWebhookSecret()).success).toBe(true);
  expect(newMessageId()).toMatch(/^msg_[\w-]{24}$/);
});

it.each([
  'secret',
  'whsec_',
  'whsec_c2hvcnQ=',
  `whsec_${'A'.repeat(88)}`,
  'whsec_not base64 at all, but long enough',
])('"%s" is no secret', (secret) => {
  expect(WebhookSecret.safeParse(secret).success).toBe(false);
});

it.each([
  '',
  'hooks.example.com',
  'ftp://a/',
  'https://u:p@example.com/',
  'https://u@example.com/',
  'javascript:1',
])('"%s" is no address of a webhook', (url) => {
  expect(WebhookUrl.safeParse(url).success).toBe(false);
});
