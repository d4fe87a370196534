import { describe, expect, it } from 'vitest';
import { GenerateRequest } from '../../../contract/job.ts';
import { refuseUnavailable } from '../../../core/jobs/unavailable.ts';

const request = (more: object): GenerateRequest =>
  GenerateRequest.parse({ html_template: { content: 'x' }, ...more });

describe('what this version does not do yet', () => {
  it.each([{ webhook_url: '' }, { webhook_secret: 'x' }])(
    '%j is refused by name, never accepted and ignored',
    (more) => {
      const [field = ''] = Object.keys(more);
      expect(() => refuseUnavailable(request(more))).toThrow(
        expect.objectContaining({
          code: 'FEATURE_UNAVAILABLE',
          message: expect.stringContaining(field) as string,
          details: { errors: [{ path: field, message: expect.stringContaining('not available') as string }] },
        }),
      );
    },
  );

  it('null asks for nothing', () => {
    const nothing = {
      pdf_standard: null,
      sign_key_id: null,
      signature: null,
      metadata: null,
      attachments: null,
    };
    expect(() =>
      refuseUnavailable(request({ ...nothing, webhook_url: null, webhook_secret: null })),
    ).not.toThrow();
  });
});
