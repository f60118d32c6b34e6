/** Where the actuator listens. */
@NullMarked
package shop.common.management;

import org.jspecify.annotations.NullMarked;
