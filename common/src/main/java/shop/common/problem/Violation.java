package shop.common.problem;

/**
 * One violated constraint of a request.
 *
 * @param pointer JSON pointer to the value in the body (RFC 6901)
 * @param detail what is wrong, for the developer of the client
 */
public record Violation(String pointer, String detail) {}
