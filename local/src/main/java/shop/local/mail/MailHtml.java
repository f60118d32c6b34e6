package shop.local.mail;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The HTML pages; all text from mails is escaped. */
final class MailHtml {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm:ss", Locale.ENGLISH)
          .withZone(ZoneId.systemDefault());
  private static final int PREVIEW = 160;
  private static final int MAX_LISTED = 200;

  private static final String STYLE =
      """
      :root { color-scheme: light dark; --line: #8883; --soft: #666; --card: #fff; --page: #f4f5f7;
        --accent: #2f6fde; }
      @media (prefers-color-scheme: dark) { :root { --card: #1d2027; --page: #13151a; --soft: #a3a8b3; --accent: #7ba7f7 } }
      * { box-sizing: border-box }
      body { margin: 0; background: var(--page); font: 15px/1.5 system-ui, sans-serif }
      main { max-width: 56rem; margin: 0 auto; padding: 1.5rem 1rem 4rem }
      header { display: flex; align-items: baseline; gap: .75rem; margin-bottom: 1rem }
      h1 { font-size: 1.35rem; margin: 0; min-width: 0; overflow-wrap: break-word }
      a { color: var(--accent); text-decoration: none }
      .soft, time { color: var(--soft) }
      .card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: hidden }
      .mail { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 1rem; padding: .7rem 1rem; color: inherit;
        border-top: 1px solid var(--line) }
      .mail:first-child { border-top: 0 }
      .mail:hover, .mail:focus { background: color-mix(in srgb, var(--accent) 8%, transparent) }
      .mail b { overflow-wrap: break-word }
      .mail p { grid-column: 1 / -1; margin: 0; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
      .empty { padding: 3rem 1rem; text-align: center }
      iframe { display: block; width: 100%; height: 32rem; border: 0; background: #fff }
      pre { margin: 0; padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 13px }
      details { margin-top: 1rem } summary { cursor: pointer; padding: .5rem 0 }
      .mail span { overflow-wrap: break-word }
      @media (max-width: 36rem) { .mail { grid-template-columns: minmax(0, 1fr) } }
      """;

  private MailHtml() {}

  static String list(List<Mail> mails) {
    var rows =
        mails.isEmpty()
            ? "<p class=\"empty soft\">No mail yet. Place an order and reload.</p>"
            : mails.stream().limit(MAX_LISTED).map(MailHtml::row).collect(Collectors.joining());
    var count =
        mails.size() > MAX_LISTED
            ? "%d mails, the newest %d are shown; ?to=ADDRESS filters by recipient"
                .formatted(mails.size(), MAX_LISTED)
            : mails.size() + (mails.size() == 1 ? " mail" : " mails, newest first");
    return page(
        "Mails",
        "<header><h1>Mails</h1><span class=\"soft\">%s</span></header>".formatted(escape(count))
            + "<div class=\"card\">"
            + rows
            + "</div>");
  }

  private static String row(Mail mail) {
    var text = mail.text().strip();
    var preview = text.length() > PREVIEW ? text.substring(0, PREVIEW) + "…" : text;
    return """
    <a class="mail" href="/mails/%s"><b>%s</b>%s<span class="soft">to %s</span>\
    <p class="soft">%s</p></a>
    """
        .formatted(
            mail.id(), escape(mail.subject()), time(mail.at()), escape(mail.to()), escape(preview));
  }

  static String mail(String id, EmlFile mail) {
    var body = new StringBuilder();
    body.append(
        "<p><a href=\"/\">← All mails</a></p><header><h1>%s</h1></header>"
            .formatted(escape(mail.subject())));
    body.append(
        "<p class=\"soft\">to %s · %s</p>".formatted(escape(mail.recipient()), time(mail.at())));
    if (!mail.html().isEmpty()) {
      body.append(
          "<div class=\"card\"><iframe sandbox src=\"/mails/%s/body\" title=\"The mail\"></iframe></div>"
              .formatted(escape(id)));
    }
    if (!mail.text().isEmpty()) {
      body.append(details("Plain text", mail.text(), mail.html().isEmpty()));
    }
    var headers =
        mail.headers().stream()
            .map(header -> header.name() + ": " + header.value())
            .collect(Collectors.joining("\n"));
    body.append(details("Headers", headers, false));
    return page(mail.subject(), body.toString());
  }

  static String error(String sentence) {
    return page("Mails", "<p>" + escape(sentence) + "</p><p><a href=\"/\">← All mails</a></p>");
  }

  private static String details(String title, String text, boolean open) {
    return "<details%s><summary>%s</summary><div class=\"card\"><pre>%s</pre></div></details>"
        .formatted(open ? " open" : "", title, escape(text));
  }

  private static String page(String title, String body) {
    return """
    <!doctype html>
    <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <title>%s</title><style>%s</style></head><body><main>%s</main></body></html>
    """
        .formatted(escape(title), STYLE, body);
  }

  private static String time(Instant at) {
    return "<time datetime=\"%s\">%s</time>".formatted(at, TIME.format(at));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
