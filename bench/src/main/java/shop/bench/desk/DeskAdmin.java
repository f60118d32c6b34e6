package shop.bench.desk;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Calls the dead-letter desk as an admin, with tokens signed by a key of this benchmark instead of
 * the gateway's.
 */
final class DeskAdmin implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();
  private static final String KEY_ID = "bench";
  private static final int TOKEN_SECONDS = 300;

  private final HttpClient http = HttpClient.newHttpClient();
  private final KeyPair keys;
  private final HttpServer server;
  private URI desk = URI.create("http://127.0.0.1");
  private String token = "";
  private Instant renewal = Instant.EPOCH;

  DeskAdmin() throws IOException, GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    keys = generator.generateKeyPair();
    var key = (RSAPublicKey) keys.getPublic();
    byte[] published =
        JSON.writeValueAsBytes(
            Map.of(
                "keys",
                List.of(
                    Map.of(
                        "kty",
                        "RSA",
                        "kid",
                        KEY_ID,
                        "n",
                        base64(key.getModulus()),
                        "e",
                        base64(key.getPublicExponent())))));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/jwks.json",
        exchange -> {
          exchange.sendResponseHeaders(200, published.length);
          exchange.getResponseBody().write(published);
          exchange.close();
        });
    server.start();
  }

  /** The URL of the JWK set with the key. */
  String jwksUri() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/jwks.json";
  }

  /** Sets the base URL of the desk. */
  void connect(URI url) {
    desk = url;
  }

  /** Returns the desk's response. */
  JsonNode get(String path) throws IOException, InterruptedException {
    return send(path, HttpRequest.newBuilder().GET());
  }

  JsonNode post(String path, Object body) throws IOException, InterruptedException {
    return send(
        path,
        HttpRequest.newBuilder()
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(JSON.writeValueAsString(body))));
  }

  private JsonNode send(String path, HttpRequest.Builder request)
      throws IOException, InterruptedException {
    var response =
        http.send(
            request.uri(desk.resolve(path)).header("Authorization", "Bearer " + token()).build(),
            BodyHandlers.ofString());
    if (response.statusCode() / 100 != 2) {
      throw new IOException(path + ": " + response.statusCode() + " " + response.body());
    }
    return JSON.readTree(response.body());
  }

  private String token() {
    var now = Instant.now();
    if (now.isAfter(renewal)) {
      renewal = now.plusSeconds(TOKEN_SECONDS / 2);
      token = signed(now.getEpochSecond());
    }
    return token;
  }

  private String signed(long now) {
    var header = Map.of("alg", "RS256", "typ", "at+jwt", "kid", KEY_ID);
    var claims =
        Map.of(
            "iss",
            "shop",
            "aud",
            List.of("shop-api"),
            "sub",
            new UUID(0, 1).toString(),
            "jti",
            UUID.randomUUID().toString(),
            "client_id",
            "shop",
            "sid",
            "bench",
            "roles",
            List.of("ADMIN"),
            "iat",
            now,
            "exp",
            now + TOKEN_SECONDS);
    var text = encoded(header) + "." + encoded(claims);
    try {
      var signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(keys.getPrivate());
      signature.update(text.getBytes(UTF_8));
      return text + "." + BASE64.encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String encoded(Object part) {
    return BASE64.encodeToString(JSON.writeValueAsBytes(part));
  }

  /** Encodes the number without the leading zero byte of the sign. */
  private static String base64(BigInteger number) {
    byte[] bytes = number.toByteArray();
    int from = bytes[0] == 0 ? 1 : 0;
    return BASE64.encodeToString(Arrays.copyOfRange(bytes, from, bytes.length));
  }

  @Override
  public void close() {
    server.stop(0);
    http.close();
  }
}
