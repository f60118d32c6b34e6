package shop.gateway.docs;

import static org.springframework.web.util.HtmlUtils.htmlEscape;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import shop.common.problem.Problem;
import shop.common.problem.ProblemType;

/**
 * Serves a page for each problem type, at the URL of its {@code type}: when the problem occurs and
 * what to do about it.
 */
@RestController
@RequestMapping(path = "/problems", produces = "text/html;charset=UTF-8")
class ProblemsController {

  private static final CacheControl CACHE = CacheControl.maxAge(Duration.ofHours(1)).cachePublic();

  private final List<ProblemType> types = ProblemType.all();

  @GetMapping
  ResponseEntity<String> all() {
    String rows =
        types.stream()
            .map(type ->
                "<tr><td>%d</td><td><a href=\"%s\">%s</a></td><td>%s</td></tr>"
                    .formatted(
                        type.status(),
                        htmlEscape(type.url().toString()),
                        htmlEscape(type.type()),
                        htmlEscape(type.when())))
            .collect(Collectors.joining("\n"));
    return page(
        "Problems",
        """
        <h1>Problems</h1>
        <p>Errors are returned as <code>application/problem+json</code> (RFC 9457). The field <code>type</code> has one of these values.</p>
        <table><thead><tr><th>Status</th><th>Type</th><th>When</th></tr></thead><tbody>
        %s
        </tbody></table>
        """
            .formatted(rows));
  }

  @GetMapping("/{name}")
  ResponseEntity<String> one(@PathVariable String name) {
    var type =
        types.stream()
            .filter(candidate -> candidate.type().equals(name))
            .findFirst()
            .orElseThrow(() -> Problem.notFound("No problem type has this name"));
    var status = HttpStatus.valueOf(type.status());
    return page(
        type.title(),
        """
        <p class="status">%d %s</p>
        <h1>%s</h1>
        <p><code>%s</code></p>
        <h2>When it occurs</h2>
        <p>%s</p>
        <h2>What to do</h2>
        <p>%s</p>
        <p class="more"><a href="/problems">All problems</a> · <a href="/docs">The API</a></p>
        """
            .formatted(
                type.status(),
                htmlEscape(status.getReasonPhrase()),
                htmlEscape(type.title()),
                htmlEscape(type.type()),
                htmlEscape(type.when()),
                htmlEscape(type.remedy())));
  }

  private static ResponseEntity<String> page(String title, String content) {
    return HtmlPages.withHeaders(ResponseEntity.ok())
        .cacheControl(CACHE)
        .body(
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%s</title>
            <link rel="icon" href="/docs/favicon.png">
            <link rel="stylesheet" href="/docs/page.css">
            </head>
            <body class="text"><main>
            %s</main></body>
            </html>
            """
                .formatted(htmlEscape(title), content));
  }
}
