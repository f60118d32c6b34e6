/** Sales figures: buckets of event time, what is counted in them, and how figures add up. */
@NullMarked
package shop.analytics;

import org.jspecify.annotations.NullMarked;
