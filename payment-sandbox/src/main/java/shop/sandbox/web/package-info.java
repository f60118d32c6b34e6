/** Stripe's wire: forms in, JSON out, API key, idempotency keys and errors as Stripe has them. */
@NullMarked
package shop.sandbox.web;

import org.jspecify.annotations.NullMarked;
