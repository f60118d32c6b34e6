/** E-mail: texts and SMTP. */
@NullMarked
package shop.notification.mail;

import org.jspecify.annotations.NullMarked;
