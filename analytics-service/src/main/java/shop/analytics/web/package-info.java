/** The REST API of the figures. */
@NullMarked
package shop.analytics.web;

import org.jspecify.annotations.NullMarked;
