/** What admins see and set of the gateway itself. */
@NullMarked
package shop.gateway.admin;

import org.jspecify.annotations.NullMarked;
