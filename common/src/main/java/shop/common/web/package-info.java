/** What every service with a servlet API accepts of a request, and how it negotiates. */
@NullMarked
package shop.common.web;

import org.jspecify.annotations.NullMarked;
