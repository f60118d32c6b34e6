/**
 * The platform's topics, their settings and creation, and clients that follow or append to them.
 */
@NullMarked
package shop.common.kafka;

import org.jspecify.annotations.NullMarked;
