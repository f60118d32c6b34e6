package shop.common.problem;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.validation.FieldError;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import shop.common.trace.TraceContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidNullException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/**
 * Renders every error as problem details: malformed input 400, unacceptable input 422 with a
 * pointer per fault, and what is nobody's intention 500 without internals.
 */
@RestControllerAdvice
final class ProblemAdvice extends ResponseEntityExceptionHandler {

  private static final Logger log = LoggerFactory.getLogger(ProblemAdvice.class);

  @Override
  protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
      HttpMessageNotReadableException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    Problem problem =
        switch (e.getCause()) {
          case UnrecognizedPropertyException unknown ->
              unacceptable(
                  unknown, "There is no property '" + unknown.getPropertyName() + "' here");
          case InvalidNullException nothing -> unacceptable(nothing, "A value is required");
          case MismatchedInputException mismatch when !mismatch.getPath().isEmpty() ->
              unacceptable(mismatch, "The value is not of the expected type or range");
          case DatabindException unmapped when !unmapped.getPath().isEmpty() ->
              unacceptable(unmapped, "The value is not acceptable");
          case StreamReadException _ ->
              malformed("The body is no well-formed JSON, or nested or long beyond limits");
          case null, default -> malformed("The body is missing or no JSON of the expected kind");
        };
    return render(problem, headers, request);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
      MethodArgumentNotValidException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    List<Fault> faults = new ArrayList<>();
    for (var error : e.getBindingResult().getAllErrors()) {
      String path = error instanceof FieldError field ? Pointers.ofProperty(field.getField()) : "";
      faults.add(new Fault(path, String.valueOf(error.getDefaultMessage())));
    }
    return render(Problem.invalid(faults), headers, request);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleHandlerMethodValidationException(
      HandlerMethodValidationException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    List<String> parameters = new ArrayList<>();
    for (var result : e.getParameterValidationResults()) {
      for (var error : result.getResolvableErrors()) {
        parameters.add(
            result.getMethodParameter().getParameterName() + " " + error.getDefaultMessage());
      }
    }
    return render(malformed(String.join("; ", parameters)), headers, request);
  }

  @ExceptionHandler
  @Nullable ResponseEntity<Object> parameterOfAnotherType(
      MethodArgumentTypeMismatchException e, WebRequest request) {
    return render(
        malformed("'" + e.getName() + "' is not of the expected form"), new HttpHeaders(), request);
  }

  @ExceptionHandler
  @Nullable ResponseEntity<Object> unexpected(RuntimeException e, WebRequest request) {
    log.error("A request failed unexpectedly", e);
    var problem =
        Problem.of(HttpStatus.INTERNAL_SERVER_ERROR, "internal", "Internal error")
            .detail("An error on our side; nothing is known about the outcome. Safe to repeat");
    return render(problem, new HttpHeaders(), request);
  }

  @Override
  protected ResponseEntity<Object> createResponseEntity(
      @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
    if (body instanceof ProblemDetail detail) {
      detail.setProperty("traceId", TraceContext.current().traceId());
    }
    return new ResponseEntity<>(body, headers, status);
  }

  private @Nullable ResponseEntity<Object> render(
      Problem problem, HttpHeaders headers, WebRequest request) {
    headers.putAll(problem.getHeaders());
    return handleExceptionInternal(
        problem, problem.getBody(), headers, problem.getStatusCode(), request);
  }

  private static Problem unacceptable(DatabindException e, String detail) {
    return Problem.invalid(List.of(new Fault(Pointers.of(e.getPath()), detail)));
  }

  private static Problem malformed(String detail) {
    return Problem.of(HttpStatus.BAD_REQUEST, "malformed-request", "The request is malformed")
        .detail(detail);
  }
}
