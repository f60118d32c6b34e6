/** The platform's topics and their settings. */
@NullMarked
package shop.common.kafka;

import org.jspecify.annotations.NullMarked;
