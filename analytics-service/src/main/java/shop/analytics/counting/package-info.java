/** Computes figures from order events, exactly once, with Kafka Streams. */
@NullMarked
package shop.analytics.counting;

import org.jspecify.annotations.NullMarked;
