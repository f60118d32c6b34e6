package shop.local.launch;

import java.net.URI;
import java.time.Duration;
import java.util.stream.Collectors;
import shop.local.Platform;
import shop.local.os.Repository;

/** Shows the addresses of the ready platform, and the commands that place the first order again. */
final class Banner {
  private Banner() {}

  static void show(
      Platform platform,
      FirstOrder.Confirmation order,
      Duration startTime,
      boolean detached,
      ConsoleProgress progress) {
    var root = Repository.root();
    var folders = platform.folders();
    progress.title("Ready after " + ConsoleProgress.seconds(startTime));
    row(
        progress,
        "Gateway",
        platform.gatewayUrls().stream().map(URI::toString).collect(Collectors.joining(", ")));
    platform
        .certificate()
        .map(tls -> DemoEnv.displayPath(root, tls.certificate()))
        .ifPresent(
            file -> row(progress, "TLS", "self-signed; trust it with: curl --cacert " + file));
    row(progress, "Mails", platform.mail().page().toString());
    row(progress, "", DemoEnv.displayPath(root, platform.mail().folder()));
    row(progress, "Logs", DemoEnv.displayPath(root, folders.log()));
    row(progress, "Accounts", Platform.DEMO_CUSTOMER + ", " + Platform.DEMO_ADMIN);
    row(progress, "Password", "DEMO_PASSWORD in " + DemoEnv.displayPath(root, folders.demoEnv()));

    progress.title("Place an order yourself");
    progress.line(
        curl(
            DemoEnv.displayPath(root, folders.demoEnv()),
            order.requestBody(),
            platform.certificate().isPresent()));
    progress.line("");
    progress.line(
        detached
            ? "The platform runs in the background: "
                + progress.bold("./start --status")
                + ". Stop it with "
                + progress.bold("./stop")
            : "Stop the platform with " + progress.bold("Ctrl-C"));
  }

  private static void row(ConsoleProgress progress, String name, String value) {
    progress.line("  " + progress.dim("%-9s".formatted(name)) + " " + value);
  }

  static String curl(String demoEnv, String body, boolean tls) {
    return """
    . %s
    TOKEN=$(curl -s $GATEWAY_URL/auth/login -H 'Content-Type: application/json' \\
      -d "{\\"email\\":\\"$DEMO_CUSTOMER\\",\\"password\\":\\"$DEMO_PASSWORD\\"}" \\
      | sed 's/.*"access_token":"\\([^"]*\\).*/\\1/')
    curl -s $GATEWAY_URL/orders -H "Authorization: Bearer $TOKEN" \\
      -H "Idempotency-Key: my-order-$(date +%%s)-$RANDOM" -H 'Content-Type: application/json' \\
      -d '%s'
    sleep 1; curl -s "$GATEWAY_URL/orders?limit=1" -H "Authorization: Bearer $TOKEN"
    """
        .formatted(demoEnv.contains("/") ? demoEnv : "./" + demoEnv, body)
        .replace("curl -s", tls ? "curl -s --cacert $GATEWAY_CA" : "curl -s")
        .stripTrailing();
  }
}
