package shop.common.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.http.HttpHeaders;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.jdbc.UncategorizedSQLException;

class DatabaseProblemsTest {

  @Test
  void aPoolWithoutConnectionsIsUnavailable() {
    var problem =
        DatabaseProblems.problem(
            new CannotGetJdbcConnectionException(
                "away", new SQLTransientConnectionException("request timed out")));

    assertThat(problem.getStatusCode().value()).isEqualTo(503);
    assertThat(problem.getHeaders().getFirst(HttpHeaders.RETRY_AFTER)).isEqualTo("1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"08006", "53100", "53300", "57P01", "57P03", "40P01", "55P03", "25006", "42P01"})
  void whatMaySucceedLaterIsUnavailable(String state) {
    var problem =
        DatabaseProblems.problem(
            new UncategorizedSQLException("task", "sql", new SQLException("reason", state)));

    assertThat(problem.getStatusCode().value()).isEqualTo(503);
  }

  @Test
  void aStatementThatTookTooLongIsToBeNarrowed() {
    var problem =
        DatabaseProblems.problem(
            new QueryTimeoutException("canceled", new SQLException("canceled", "57014")));

    assertThat(problem.getStatusCode().value()).isEqualTo(503);
    assertThat(problem.getBody().getDetail()).contains("Narrow the query");
  }

  @Test
  void otherFailuresAreInternal() {
    var problem =
        DatabaseProblems.problem(
            new DataIntegrityViolationException("twice", new SQLException("duplicate", "23505")));

    assertThat(problem.getStatusCode().value()).isEqualTo(500);
  }

  @Test
  void wildcardsOfLikeAreLiteral() {
    assertThat(SqlText.containing("50%_\\ \0")).isEqualTo("%50\\%\\_\\\\ \ufffd%");
  }
}
