package shop.common.problem;

import java.time.Duration;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;

/**
 * The problems of errors that only have a status: those of the container and of the framework. So
 * every error has a type that problems.json documents.
 */
public final class StatusProblems {

  private StatusProblems() {}

  /** True if the status has a type of its own. */
  public static boolean exists(HttpStatusCode status) {
    return of(status).getStatusCode().value() == status.value();
  }

  /** The problem of an error status; of 400 for other client errors, of 500 for everything else. */
  public static Problem of(HttpStatusCode status) {
    return switch (status.value()) {
      case 401 ->
          Problem.of(HttpStatus.UNAUTHORIZED, "unauthorized", "Not authenticated")
              .detail("Send a valid access token: Authorization: Bearer …");
      case 403 ->
          Problem.of(HttpStatus.FORBIDDEN, "forbidden", "Not allowed")
              .detail("This account does not have the role that the call requires");
      case 404 -> Problem.notFound("No resource exists at this path");
      case 405 ->
          Problem.of(HttpStatus.METHOD_NOT_ALLOWED, "method-not-allowed", "Method Not Allowed")
              .detail("The resource exists, but does not support this method");
      case 406 ->
          Problem.of(HttpStatus.NOT_ACCEPTABLE, "not-acceptable", "Not Acceptable")
              .detail("Accept must allow the media type of the response, in UTF-8");
      case 408 -> RequestProblems.timeout();
      case 413 ->
          Problem.of(HttpStatus.CONTENT_TOO_LARGE, "content-too-large", "Content Too Large")
              .detail("Send a smaller body");
      case 414 ->
          Problem.of(HttpStatus.URI_TOO_LONG, "uri-too-long", "URI Too Long")
              .detail("Shorten the path or the query");
      case 415 ->
          Problem.of(
                  HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                  "unsupported-media-type",
                  "Unsupported Media Type")
              .detail("Send application/json in UTF-8, without Content-Encoding");
      case 417 ->
          Problem.of(HttpStatus.EXPECTATION_FAILED, "expectation-failed", "Expectation Failed")
              .detail("The only expectation that is supported is 100-continue");
      case 422 ->
          Problem.of(HttpStatus.UNPROCESSABLE_CONTENT, "invalid-request", "The request is invalid")
              .detail("The body violates constraints");
      case 431 ->
          Problem.of(
                  HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                  "request-header-fields-too-large",
                  "Request Header Fields Too Large")
              .detail("Send fewer or shorter headers");
      case 501 ->
          Problem.of(HttpStatus.NOT_IMPLEMENTED, "not-implemented", "Not Implemented")
              .detail("The method or the transfer coding is not supported");
      case 502 ->
          Problem.of(HttpStatus.BAD_GATEWAY, "bad-gateway", "Bad Gateway")
              .detail("The service could not be reached or gave no valid response");
      case 503 ->
          Problem.of(HttpStatus.SERVICE_UNAVAILABLE, "unavailable", "Temporarily unavailable")
              .detail("The same request is safe to retry")
              .retryAfter(Duration.ofSeconds(1));
      case 504 ->
          Problem.of(HttpStatus.GATEWAY_TIMEOUT, "gateway-timeout", "Gateway Timeout")
              .detail("The service did not respond in time");
      case 505 ->
          Problem.of(
                  HttpStatus.HTTP_VERSION_NOT_SUPPORTED,
                  "http-version-not-supported",
                  "HTTP Version Not Supported")
              .detail("Send the request with HTTP/1.1");
      default -> status.is4xxClientError() ? malformed() : RequestProblems.internal();
    };
  }

  private static Problem malformed() {
    return RequestProblems.malformed("The request is not valid HTTP, or its URL is not valid");
  }
}
