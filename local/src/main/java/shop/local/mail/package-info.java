/** A mail sink: receives mails over SMTP, stores them in files and shows them on a web page. */
@NullMarked
package shop.local.mail;

import org.jspecify.annotations.NullMarked;
