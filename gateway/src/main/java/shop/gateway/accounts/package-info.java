/** Who has an account, as the topic accounts says. */
@NullMarked
package shop.gateway.accounts;

import org.jspecify.annotations.NullMarked;
