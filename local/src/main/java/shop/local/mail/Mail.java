package shop.local.mail;

import java.time.Instant;

/**
 * A received mail, as listed by {@code GET /mails.json}.
 *
 * @param id name of its file without {@code .eml}; later mails have greater ids
 * @param to the recipient it was delivered to
 * @param messageId its Message-ID, equal for a mail that was sent twice; empty if it has none
 * @param text its plain text, empty if it has none
 */
public record Mail(
    String id, String to, String subject, Instant at, String messageId, String text) {}
