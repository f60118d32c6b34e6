package shop.sandbox;

import org.jspecify.annotations.Nullable;

/** A Stripe error, which becomes an HTTP response. */
public final class StripeError extends RuntimeException {

  private final int status;
  private final String type;
  private final @Nullable String code;
  private final @Nullable String param;
  private final @Nullable PaymentIntent intent;

  private StripeError(
      int status,
      String type,
      @Nullable String code,
      String message,
      @Nullable String param,
      @Nullable PaymentIntent intent) {
    super(message, null, true, false);
    this.status = status;
    this.type = type;
    this.code = code;
    this.param = param;
    this.intent = intent;
  }

  /** 400: a parameter is invalid. */
  public static StripeError badParameter(@Nullable String code, String message, String param) {
    return new StripeError(400, "invalid_request_error", code, message, param, null);
  }

  /** 400: the intent's status does not allow the operation. */
  public static StripeError unexpectedState(String message, PaymentIntent intent) {
    return new StripeError(
        400, "invalid_request_error", "payment_intent_unexpected_state", message, null, intent);
  }

  /** 400: the payment method served one payment, and no customer owns it; has no code. */
  public static StripeError usedPaymentMethod() {
    return new StripeError(
        400,
        "invalid_request_error",
        null,
        "This PaymentMethod was previously used without being attached to a Customer or was"
            + " detached from a Customer, and may not be used again.",
        null,
        null);
  }

  /** 400: the request is valid, but the operation is not possible. */
  public static StripeError invalidRequest(String code, String message) {
    return new StripeError(400, "invalid_request_error", code, message, null, null);
  }

  /** Unknown object: 404 if its id is in the URL, 400 if it is in a parameter. */
  public static StripeError missing(String kind, String id, String param, int status) {
    return new StripeError(
        status,
        "invalid_request_error",
        "resource_missing",
        "No such %s: '%s'".formatted(kind, id),
        param,
        null);
  }

  /** 401: no API key or an invalid one. */
  public static StripeError unauthorized(String message) {
    return new StripeError(401, "invalid_request_error", null, message, null, null);
  }

  /** 400 or 409: the idempotency key was used for another request, or is in use. */
  public static StripeError idempotency(int status, @Nullable String code, String message) {
    return new StripeError(status, "idempotency_error", code, message, null, null);
  }

  /** 429: too many requests. */
  public static StripeError rateLimit() {
    return new StripeError(
        429,
        "invalid_request_error",
        "rate_limit",
        "Request rate limit exceeded. Retry with exponential backoff.",
        null,
        null);
  }

  /** 404: unknown URL. */
  public static StripeError unknownUrl(String method, String path) {
    return new StripeError(
        404,
        "invalid_request_error",
        null,
        "Unrecognized request URL (%s: %s). The sandbox serves /v1/payment_intents and /v1/refunds."
            .formatted(method, path),
        null,
        null);
  }

  /** 500 or 503: an error of the provider. */
  public static StripeError provider(int status, String message) {
    return new StripeError(status, "api_error", null, message, null, null);
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** Stripe's {@code error.type}. */
  public String type() {
    return type;
  }

  /** Stripe's {@code error.code}. */
  public @Nullable String code() {
    return code;
  }

  /** Stripe's {@code error.param}. */
  public @Nullable String param() {
    return param;
  }

  /** The current state of the intent. */
  public @Nullable PaymentIntent intent() {
    return intent;
  }

  /** Stripe's {@code error.message}. */
  public String stripeMessage() {
    return String.valueOf(getMessage());
  }
}
