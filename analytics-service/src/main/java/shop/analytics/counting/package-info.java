/** From the events of orders to figures, exactly once, with Kafka Streams. */
@NullMarked
package shop.analytics.counting;

import org.jspecify.annotations.NullMarked;
