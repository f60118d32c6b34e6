/** The desk over REST. */
@NullMarked
package shop.operations.web;

import org.jspecify.annotations.NullMarked;
