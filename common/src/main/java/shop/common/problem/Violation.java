package shop.common.problem;

/**
 * One fault of a request.
 *
 * @param pointer where, as a JSON pointer into the body (RFC 6901)
 * @param detail what is wrong, for the developer of the client
 */
public record Violation(String pointer, String detail) {}
