/** Figures over REST. */
@NullMarked
package shop.analytics.web;

import org.jspecify.annotations.NullMarked;
