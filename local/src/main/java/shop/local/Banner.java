package shop.local;

import java.time.Duration;
import shop.local.os.Repository;

/** What is told once everything works: where things are, and the same order to copy. */
final class Banner {
  private Banner() {}

  static void show(
      Platform platform,
      FirstOrder.Outcome order,
      Duration took,
      boolean detached,
      ConsoleProgress progress) {
    var root = Repository.root();
    var layout = platform.layout();
    progress.title("Ready after " + ConsoleProgress.seconds(took));
    row(progress, "Gateway", platform.gatewayUrl().toString());
    row(progress, "Mails", platform.mail().page().toString());
    row(progress, "", DemoEnv.shown(root, platform.mail().folder()));
    row(progress, "Logs", DemoEnv.shown(root, layout.log()));
    row(progress, "Accounts", Environment.CUSTOMER + ", " + Environment.ADMIN);
    row(progress, "Password", "DEMO_PASSWORD in " + DemoEnv.shown(root, layout.demoEnv()));

    progress.title("Place an order yourself");
    progress.line(curl(DemoEnv.shown(root, layout.demoEnv()), order.body()));
    progress.line("");
    progress.line(
        detached
            ? "It runs in the background. Stop it with " + progress.bold("./stop")
            : "Stop it with " + progress.bold("Ctrl-C"));
  }

  private static void row(ConsoleProgress progress, String name, String value) {
    progress.line("  " + progress.soft("%-9s".formatted(name)) + " " + value);
  }

  static String curl(String demoEnv, String body) {
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
        .stripTrailing();
  }
}
