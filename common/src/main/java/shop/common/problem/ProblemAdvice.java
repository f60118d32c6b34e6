package shop.common.problem;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.MethodArgumentNotValidException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.HandlerMethodValidationException;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;

/**
 * Renders every error as problem details: malformed requests as 400, invalid ones as 422 with a
 * JSON pointer per violation, and unexpected exceptions as 500 without internals.
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
  @Nullable ResponseEntity<Object> handleTypeMismatch(
      MethodArgumentTypeMismatchException e, WebRequest request) {
    return render(
        RequestProblems.malformed(
            "The value of '" + e.getName() + "' has the wrong type or format"),
        new HttpHeaders(),
        request);
  }

  @ExceptionHandler
  @Nullable ResponseEntity<Object> handleUnexpected(RuntimeException e, WebRequest request) {
    log.error("A request failed with an unexpected error", e);
    return render(RequestProblems.internal(), new HttpHeaders(), request);
  }

  @Override
  protected ResponseEntity<Object> createResponseEntity(
      @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
    var detail = body instanceof ProblemDetail given ? given : StatusProblems.of(status).getBody();
    var response = ProblemResponses.of(detail, headers, ((ServletWebRequest) request).getRequest());
    return new ResponseEntity<>(response.getBody(), response.getHeaders(), status);
  }

  private @Nullable ResponseEntity<Object> render(
      Problem problem, HttpHeaders headers, WebRequest request) {
    var all = new HttpHeaders(headers);
    all.putAll(problem.getHeaders());
    return handleExceptionInternal(
        problem, problem.getBody(), all, problem.getStatusCode(), request);
  }
}
