/** E-mail: the texts and the way to the mail server. */
@NullMarked
package shop.notification.mail;

import org.jspecify.annotations.NullMarked;
