package shop.sandbox.web;

/** A status and a JSON body, ready to be sent or kept. */
record StoredResponse(int status, String body) {}
