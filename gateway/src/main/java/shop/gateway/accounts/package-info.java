/** Accounts: registration, passwords, and the in-memory view of the topic accounts. */
@NullMarked
package shop.gateway.accounts;

import org.jspecify.annotations.NullMarked;
