/** Serves a service's OpenAPI document. */
@NullMarked
package shop.common.openapi;

import org.jspecify.annotations.NullMarked;
