/** How Redis is reached: connections, Lua scripts, key names, and the epoch that admits writes. */
@NullMarked
package shop.order.redis;

import org.jspecify.annotations.NullMarked;
