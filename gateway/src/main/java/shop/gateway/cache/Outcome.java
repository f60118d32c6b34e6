package shop.gateway.cache;

/** What a fill has brought for the requests that wait for it. */
sealed interface Outcome {

  /**
   * A response that those with the same selecting headers may get.
   *
   * @param resource has no other response
   */
  record Fetched(Resource resource, CacheStatus status) implements Outcome {}

  /** The response goes to the client that caused the fill; others ask for themselves. */
  record Streamed() implements Outcome {}

  /** No response: all ask for themselves. */
  record Nothing() implements Outcome {}
}
