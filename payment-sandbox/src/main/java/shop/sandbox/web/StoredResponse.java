package shop.sandbox.web;

/** A status and a JSON body, which can be sent and stored under an idempotency key. */
record StoredResponse(int status, String body) {}
