package shop.payment.psp;

import com.stripe.exception.ApiConnectionException;
import com.stripe.net.HttpClient;
import com.stripe.net.HttpContent;
import com.stripe.net.HttpHeaders;
import com.stripe.net.StripeRequest;
import com.stripe.net.StripeResponse;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Makes stripe-java's calls with the JDK's HTTP client. The default, {@code HttpURLConnection},
 * pools only five connections and repeats a POST by itself if a connection breaks; this client has
 * a connection for each call in progress, makes every POST once, and limits the time until the
 * whole response was read. It speaks HTTP/1.1 only: over HTTP/2 it would share one connection, and
 * fail calls above the server's limit of streams. Reasons:
 * docs/decisions/0030-http-1-1-to-the-psp.md.
 */
final class JdkHttp extends HttpClient {

  private final java.net.http.HttpClient http;
  private final Duration timeout;
  private final String client = buildXStripeClientUserAgentString();

  JdkHttp(PspSettings settings) {
    this(settings, java.net.http.HttpClient.newBuilder());
  }

  /** With a builder that a test has given its trusted certificates. */
  JdkHttp(PspSettings settings, java.net.http.HttpClient.Builder builder) {
    this.http =
        builder
            .version(java.net.http.HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.connectTimeout())
            .executor(Executors.newVirtualThreadPerTaskExecutor())
            .build();
    this.timeout = settings.readTimeout();
  }

  @Override
  public StripeResponse request(StripeRequest request) throws ApiConnectionException {
    var exchange = http.sendAsync(http(request), BodyHandlers.ofString());
    try {
      HttpResponse<String> response = exchange.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
      return new StripeResponse(
          response.statusCode(), HttpHeaders.of(response.headers().map()), response.body());
    } catch (TimeoutException e) {
      exchange.cancel(true);
      throw new ApiConnectionException("No response within " + timeout, e);
    } catch (ExecutionException e) {
      throw new ApiConnectionException("No response: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      exchange.cancel(true);
      Thread.currentThread().interrupt();
      throw new ApiConnectionException("Interrupted while waiting for the response", e);
    }
  }

  private HttpRequest http(StripeRequest request) {
    var http = HttpRequest.newBuilder(URI.create(request.url().toString()));
    request.headers().map().forEach((name, values) -> values.forEach(v -> http.header(name, v)));
    http.header("User-Agent", buildUserAgentString(request));
    http.header("X-Stripe-Client-User-Agent", client);
    @Nullable HttpContent content = request.content();
    if (content == null) {
      return http.method(request.method().name(), BodyPublishers.noBody()).build();
    }
    return http.header("Content-Type", content.contentType())
        .method(request.method().name(), BodyPublishers.ofByteArray(content.byteArrayContent()))
        .build();
  }
}
