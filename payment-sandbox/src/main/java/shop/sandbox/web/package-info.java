/**
 * Stripe's HTTP API: form parameters, JSON, API key, idempotency keys and errors in Stripe's
 * format.
 */
@NullMarked
package shop.sandbox.web;

import org.jspecify.annotations.NullMarked;
