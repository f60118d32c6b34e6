/** The REST API of the desk. */
@NullMarked
package shop.operations.web;

import org.jspecify.annotations.NullMarked;
