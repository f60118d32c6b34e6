package shop.sandbox.web;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Currency;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import shop.sandbox.StripeError;
import shop.sandbox.TestPaymentMethod;

/**
 * The parameters of a call. Every getter throws a {@link StripeError} with Stripe's message if the
 * value is invalid, and marks its parameter as known; {@link #rejectUnknown} rejects all others.
 */
final class Form {

  private static final long MAX_AMOUNT = 99_999_999L;
  private static final int MAX_METADATA = 50;
  private static final int MAX_METADATA_KEY = 40;
  private static final int MAX_METADATA_VALUE = 500;

  private final SortedMap<String, String> values;
  private final Set<String> known = new HashSet<>();

  private Form(SortedMap<String, String> values) {
    this.values = values;
  }

  static Form of(HttpServletRequest request) {
    var values = new TreeMap<String, String>();
    try {
      request.getParameterMap().forEach((name, all) -> values.put(name, all[all.length - 1]));
    } catch (IllegalStateException e) {
      throw because(
          e,
          StripeError.invalidRequest(
              "parameters_invalid", "The parameters are too large or not percent-encoded UTF-8."));
    }
    return new Form(values);
  }

  /** SHA-256 of endpoint and parameters in hexadecimal; identifies the request. */
  String fingerprint(String endpoint) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      update(digest, endpoint);
      values.forEach((name, value) -> {
        update(digest, name);
        update(digest, value);
      });
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void update(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }

  /** The raw value; does not mark its parameter as known. */
  @Nullable String peek(String name) {
    return values.get(name);
  }

  @Nullable String text(String name) {
    known.add(name);
    var value = values.get(name);
    return value == null || value.isEmpty() ? null : value;
  }

  String required(String name) {
    var value = text(name);
    if (value == null) {
      throw StripeError.badParameter(
          "parameter_missing", "Missing required param: %s.".formatted(name), name);
    }
    return value;
  }

  @Nullable Long amount(String name) {
    var value = text(name);
    return value == null ? null : positive(name, value);
  }

  long requiredAmount(String name) {
    return positive(name, required(name));
  }

  /** Seconds since 1970. */
  @Nullable Long seconds(String name) {
    var value = text(name);
    return value == null ? null : integer(name, value);
  }

  private static long positive(String name, String value) {
    long amount = integer(name, value);
    if (amount < 1) {
      throw StripeError.badParameter(
          "parameter_invalid_integer", "This value must be greater than or equal to 1.", name);
    }
    if (amount > MAX_AMOUNT) {
      throw StripeError.badParameter(
          "amount_too_large", "Amount must be no more than %d.".formatted(MAX_AMOUNT), name);
    }
    return amount;
  }

  private static long integer(String name, String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException e) {
      throw because(
          e,
          StripeError.badParameter(
              "parameter_invalid_integer", "Invalid integer: %s".formatted(value), name));
    }
  }

  private static StripeError because(Exception cause, StripeError error) {
    error.addSuppressed(cause);
    return error;
  }

  int limit() {
    var value = text("limit");
    if (value == null) {
      return 10;
    }
    long limit = positive("limit", value);
    if (limit > 100) {
      throw StripeError.badParameter(
          "parameter_invalid_integer", "This value must be less than or equal to 100.", "limit");
    }
    return (int) limit;
  }

  boolean flag(String name) {
    var value = text(name);
    return switch (value) {
      case null -> false;
      case "true" -> true;
      case "false" -> false;
      default -> throw StripeError.badParameter(null, "Invalid boolean: " + value, name);
    };
  }

  Optional<String> oneOf(String name, Set<String> allowed) {
    var value = text(name);
    if (value != null && !allowed.contains(value)) {
      throw StripeError.badParameter(
          null,
          "Invalid %s: must be one of %s"
              .formatted(name, String.join(", ", new TreeSet<>(allowed))),
          name);
    }
    return Optional.ofNullable(value);
  }

  String currency() {
    var value = required("currency").toLowerCase(Locale.ROOT);
    try {
      Currency.getInstance(value.toUpperCase(Locale.ROOT));
      return value;
    } catch (IllegalArgumentException e) {
      throw because(
          e,
          StripeError.badParameter(
              null, "Invalid currency: %s. Use an ISO 4217 code.".formatted(value), "currency"));
    }
  }

  @Nullable TestPaymentMethod paymentMethod() {
    var id = text("payment_method");
    return id == null
        ? null
        : TestPaymentMethod.of(id)
            .orElseThrow(() -> StripeError.missing("PaymentMethod", id, "payment_method", 400));
  }

  Map<String, String> metadata() {
    var metadata = new TreeMap<String, String>();
    values.forEach((name, value) -> {
      if (name.startsWith("metadata[") && name.endsWith("]")) {
        known.add(name);
        var key = name.substring("metadata[".length(), name.length() - 1);
        check(key, value);
        if (!value.isEmpty()) {
          metadata.put(key, value);
        }
      }
    });
    if (metadata.size() > MAX_METADATA) {
      throw StripeError.badParameter(
          null, "You can only have up to %d metadata keys.".formatted(MAX_METADATA), "metadata");
    }
    return Map.copyOf(metadata);
  }

  private static void check(String key, String value) {
    if (key.isEmpty() || key.length() > MAX_METADATA_KEY || value.length() > MAX_METADATA_VALUE) {
      throw StripeError.badParameter(
          null,
          "Metadata keys have 1 to %d characters, values at most %d."
              .formatted(MAX_METADATA_KEY, MAX_METADATA_VALUE),
          "metadata");
    }
  }

  /** Accepts and ignores these parameters. */
  void ignore(String... prefixes) {
    for (var prefix : prefixes) {
      values.keySet().stream()
          .filter(name -> name.equals(prefix) || name.startsWith(prefix + "["))
          .forEach(known::add);
    }
  }

  void rejectUnknown() {
    for (var name : values.keySet()) {
      if (!known.contains(name)) {
        throw StripeError.badParameter(
            "parameter_unknown", "Received unknown parameter: " + name, name);
      }
    }
  }
}
