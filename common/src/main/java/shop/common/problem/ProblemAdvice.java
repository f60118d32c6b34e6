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
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import shop.common.trace.TraceContext;

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
    return render(RequestProblems.unreadableBody(e.getCause()), headers, request);
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleMethodArgumentNotValid(
      MethodArgumentNotValidException e,
      HttpHeaders headers,
      HttpStatusCode status,
      WebRequest request) {
    return render(RequestProblems.invalid(e.getBindingResult()), headers, request);
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
    return render(RequestProblems.malformed(String.join("; ", parameters)), headers, request);
  }

  @ExceptionHandler
  @Nullable ResponseEntity<Object> parameterOfAnotherType(
      MethodArgumentTypeMismatchException e, WebRequest request) {
    return render(
        RequestProblems.malformed("'" + e.getName() + "' is not of the expected form"),
        new HttpHeaders(),
        request);
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
    var all = new HttpHeaders(headers);
    all.putAll(problem.getHeaders());
    return handleExceptionInternal(
        problem, problem.getBody(), all, problem.getStatusCode(), request);
  }
}
