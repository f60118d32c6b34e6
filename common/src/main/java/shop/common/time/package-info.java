/** Parsing of times in request parameters. */
@NullMarked
package shop.common.time;

import org.jspecify.annotations.NullMarked;
