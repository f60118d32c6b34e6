package shop.notification.mail;

/** A mail's subject and body, the body as HTML and as plain text. */
record MailText(String subject, String html, String plain) {}
