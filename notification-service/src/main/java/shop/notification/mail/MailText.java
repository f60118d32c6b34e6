package shop.notification.mail;

/** A mail's words: the same in HTML and as plain text. */
record MailText(String subject, String html, String plain) {}
