import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { signedHeaders } from './signature.ts';

const secretOf = (key: Uint8Array): string => `whsec_${Buffer.from(key).toString('base64')}`;
/** While a secret is changed both sign. */
const other = secretOf(new Uint8Array(24).fill(7));
const nowSeconds = () => Math.floor(Date.now() / 1000);

describe('signedHeaders', () => {
  it('signs the example of the specification', () => {
    const call = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestampSeconds: 1614265330, body: '{"test": 2432232314}' };
    expect(signedHeaders(call, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])).toEqual({
      'webhook-id': call.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it("is believed by the specification's own library, whatever the body, and not after a change", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 24, maxLength: 64 }), fc.uuid(), fc.json(), (key, id, body) => {
        const headers = signedHeaders({ id, timestampSeconds: nowSeconds(), body }, [other, secretOf(key)]);
        const receiver = new Webhook(secretOf(key));
        expect(receiver.verify(body, headers)).toEqual(JSON.parse(body));
        expect(() => receiver.verify(`${body} `, headers)).toThrow(WebhookVerificationError);
        expect(() => receiver.verify(body, { ...headers, 'webhook-id': 'x' })).toThrow(WebhookVerificationError);
      }),
    );
  });
});
