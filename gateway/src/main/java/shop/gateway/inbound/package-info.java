/** What comes from outside is cleaned before anything else sees it. */
@NullMarked
package shop.gateway.inbound;

import org.jspecify.annotations.NullMarked;
