/**
 * The promise, checked: faults strike the whole platform under load, then it is healed, and then
 * the log, the payment provider's books, Redis and the mails are held against each other.
 */
package shop.e2e.faults;
