/** One record per request in the topic traffic, for those who watch the platform. */
@NullMarked
package shop.gateway.traffic;

import org.jspecify.annotations.NullMarked;
