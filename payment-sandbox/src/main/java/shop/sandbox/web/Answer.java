package shop.sandbox.web;

/** A status and a JSON body, ready to be sent or kept. */
record Answer(int status, String body) {}
