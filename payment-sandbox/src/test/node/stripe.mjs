// Drives an unmodified npm `stripe` against the sandbox: node stripe.mjs URL KEY
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import Stripe from 'stripe';

const [base, key] = process.argv.slice(2);
const { hostname, port } = new URL(base);
const stripe = new Stripe(key, { protocol: 'http', host: hostname, port, maxNetworkRetries: 0 });

const order = randomUUID();
const create = {
  amount: 2580,
  currency: 'eur',
  payment_method: 'pm_card_visa',
  automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
  metadata: { order_id: order },
};

const intent = await stripe.paymentIntents.create(create, { idempotencyKey: `${order}/create/1` });
assert.equal(intent.status, 'requires_confirmation');
assert.equal(intent.metadata.order_id, order);

const again = await stripe.paymentIntents.create(create, { idempotencyKey: `${order}/create/1` });
assert.equal(again.id, intent.id, 'the same key is the same intent');
await assert.rejects(
  stripe.paymentIntents.create({ ...create, amount: 1 }, { idempotencyKey: `${order}/create/1` }),
  Stripe.errors.StripeIdempotencyError,
);

const charged = await stripe.paymentIntents.confirm(intent.id, { error_on_requires_action: true });
assert.equal(charged.status, 'succeeded');
assert.equal((await stripe.paymentIntents.retrieve(intent.id)).amount_received, 2580);

const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 580 });
assert.equal(refund.status, 'succeeded');
const refunds = [];
for await (const one of stripe.refunds.list({ payment_intent: intent.id, limit: 1 })) {
  refunds.push(one.id);
}
assert.deepEqual(refunds, [refund.id]);
await assert.rejects(stripe.refunds.create({ payment_intent: intent.id, amount: 2001 }), {
  type: 'StripeInvalidRequestError',
});

const poor = await stripe.paymentIntents.create({
  ...create,
  payment_method: 'pm_card_chargeDeclinedInsufficientFunds',
});
await assert.rejects(stripe.paymentIntents.confirm(poor.id), {
  type: 'StripeCardError',
  decline_code: 'insufficient_funds',
});

const dropped = await stripe.paymentIntents.create(create);
assert.equal((await stripe.paymentIntents.cancel(dropped.id)).status, 'canceled');

await assert.rejects(stripe.paymentIntents.retrieve('pi_000000000000000000000000'), {
  code: 'resource_missing',
  statusCode: 404,
});
await assert.rejects(
  new Stripe('sk_test_wrong', { protocol: 'http', host: hostname, port }).paymentIntents.retrieve(intent.id),
  Stripe.errors.StripeAuthenticationError,
);

console.log(`npm stripe ${Stripe.PACKAGE_VERSION}: create, confirm, retrieve, refund, list, decline, cancel, errors`);
