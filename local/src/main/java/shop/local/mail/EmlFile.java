package shop.local.mail;

import jakarta.mail.BodyPart;
import jakarta.mail.Header;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;

/**
 * A stored mail: the message as it was received, preceded by two header lines with the recipient
 * and the time of the delivery (trace information in RFC 5321).
 */
record EmlFile(
    String recipient,
    Instant at,
    String subject,
    List<HeaderLine> headers,
    String html,
    String text) {

  record HeaderLine(String name, String value) {}

  private static final String RECIPIENT = "X-Delivered-To";
  private static final String AT = "X-Delivered-At";

  static void writeTraceHeaders(OutputStream out, String recipient, Instant at) throws IOException {
    var lines = RECIPIENT + ": " + recipient + "\r\n" + AT + ": " + at + "\r\n";
    out.write(lines.getBytes(StandardCharsets.UTF_8));
  }

  static EmlFile read(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      var message = new MimeMessage(null, in);
      var headers =
          Collections.list(message.getAllHeaders()).stream()
              .map((Header header) -> new HeaderLine(header.getName(), header.getValue()))
              .toList();
      return new EmlFile(
          header(message, RECIPIENT, "unknown"),
          Instant.parse(header(message, AT, Instant.EPOCH.toString())),
          message.getSubject() == null ? "(no subject)" : message.getSubject(),
          headers,
          body(message, "text/html"),
          body(message, "text/plain"));
    } catch (MessagingException e) {
      throw new IOException(file + " cannot be read as a mail", e);
    }
  }

  private static String header(MimeMessage message, String name, String defaultValue)
      throws MessagingException {
    var values = message.getHeader(name);
    return values == null ? defaultValue : values[0];
  }

  /** The first part of a media type, searched depth first; empty if there is none. */
  private static String body(Part part, String type) throws MessagingException, IOException {
    if (part.isMimeType(type)) {
      return String.valueOf(part.getContent());
    }
    if (part.getContent() instanceof Multipart parts) {
      for (var i = 0; i < parts.getCount(); i++) {
        BodyPart child = parts.getBodyPart(i);
        var content = body(child, type);
        if (!content.isEmpty()) {
          return content;
        }
      }
    }
    return "";
  }

  private String header(String name) {
    return headers.stream()
        .filter(line -> line.name().equalsIgnoreCase(name))
        .map(HeaderLine::value)
        .findFirst()
        .orElse("");
  }

  Mail summary(String id) {
    return new Mail(id, recipient, subject, at, header("Message-ID"), text);
  }
}
