/**
 * Fault tests: faults are injected into the whole platform under load and removed; then the log,
 * the payment provider's ledger, Redis and the mails are compared with each other.
 */
package shop.e2e.faults;
