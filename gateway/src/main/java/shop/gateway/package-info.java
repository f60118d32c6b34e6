/** The one door to the platform. */
@NullMarked
package shop.gateway;

import org.jspecify.annotations.NullMarked;
