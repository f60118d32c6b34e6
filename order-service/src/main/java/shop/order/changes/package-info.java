/** What the records of the log change, merged order by order: the same for every view of it. */
@NullMarked
package shop.order.changes;

import org.jspecify.annotations.NullMarked;
