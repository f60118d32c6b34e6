/**
 * Load balancing as plain Java. {@link shop.balancing.Balancer} and its implementations choose an
 * endpoint for each call; {@link shop.balancing.Service} decides which endpoints may be chosen. No
 * Spring, no Reactor, no HTTP: time and randomness are given in.
 */
@NullMarked
package shop.balancing;

import org.jspecify.annotations.NullMarked;
