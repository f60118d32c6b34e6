/** What the platform tells developers: the description of its API, and pages about problems. */
@NullMarked
package shop.gateway.docs;

import org.jspecify.annotations.NullMarked;
