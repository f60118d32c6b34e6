/** Sales figures: buckets of event time, the increments of events, and addition. */
@NullMarked
package shop.analytics;

import org.jspecify.annotations.NullMarked;
