/** Where customers are reached: the topic accounts, held in memory. */
@NullMarked
package shop.notification.contact;

import org.jspecify.annotations.NullMarked;
