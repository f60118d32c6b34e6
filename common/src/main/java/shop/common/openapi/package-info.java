/** The description of a service's API. */
@NullMarked
package shop.common.openapi;

import org.jspecify.annotations.NullMarked;
