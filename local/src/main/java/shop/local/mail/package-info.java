/** A mail sink: SMTP in, files and a web page out. */
@NullMarked
package shop.local.mail;

import org.jspecify.annotations.NullMarked;
