/** Registration, login, logout and the authorization of every request. */
@NullMarked
package shop.gateway.auth;

import org.jspecify.annotations.NullMarked;
