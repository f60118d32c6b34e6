package shop.local.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.local.os.LaunchException;
import shop.local.os.Ports;

@Tag("slow")
class DatabaseSchemasTest {
  @TempDir private static Path folder;
  private static PostgresServer postgres;

  @BeforeAll
  static void start() {
    postgres = new PostgresServer(folder, Ports.freeBlock(1));
    postgres.start();
  }

  @AfterAll
  static void stop() {
    postgres.stop();
  }

  @Test
  void aRoleHasNoRightsBeyondItsSchema() throws Exception {
    of("orders").execute("CREATE TABLE secrets (name text)");

    assertThatThrownBy(() -> of("payments").execute("SELECT * FROM orders.secrets"))
        .hasMessageContaining("permission denied for schema orders");
    assertThatThrownBy(() -> of("payments").execute("CREATE TABLE public.mine (name text)"))
        .hasMessageContaining("permission denied for schema public");
    assertThatThrownBy(() -> of("payments").execute("CREATE SCHEMA mine"))
        .hasMessageContaining("permission denied for database shop");
  }

  @Test
  void textSearchKnowsTheLettersOfAllLanguages() throws Exception {
    of("operations")
        .execute(
            "CREATE TABLE products (name text)",
            "CREATE INDEX ON products USING gin (lower(name) gin_trgm_ops)",
            "INSERT INTO products VALUES ('KÄSEMESSER')");

    assertThat(
            of("operations").number("SELECT count(*) FROM products WHERE lower(name) LIKE '%äse%'"))
        .isEqualTo(1);
    // Of letters that it does not know, there would be none.
    assertThat(of("operations").number("SELECT cardinality(show_trgm('äöü'))")).isEqualTo(4);
  }

  @Test
  void aSecondPreparationKeepsTheContentAndSetsThePasswords() throws Exception {
    of("analytics").execute("CREATE TABLE minutes (n int)", "INSERT INTO minutes VALUES (1)");

    var other =
        new DatabaseSchemas(postgres.schemas().administrator(), schema -> "other-" + schema);
    other.prepare();

    assertThat(new TestDatabase(other.endpoint("analytics")).number("SELECT n FROM minutes"))
        .isEqualTo(1);
    assertThatThrownBy(() -> of("analytics").execute("SELECT"))
        .hasMessageContaining("password authentication failed");
    postgres.schemas().prepare();
  }

  @Test
  void anAdministratorNeedNotBeASuperuser() throws Exception {
    var server = new PostgresServer(folder.resolve("given"), Ports.freeBlock(1));
    server.start();
    try {
      var superuser = new TestDatabase(server.schemas().administrator());
      for (var name : DatabaseSchemas.NAMES) {
        superuser.execute("DROP OWNED BY " + name, "DROP ROLE " + name);
      }
      superuser.execute("CREATE ROLE operator LOGIN CREATEROLE CREATEDB PASSWORD 'secret'");
      var given =
          DatabaseSchemas.given(
              "postgresql://operator:secret@127.0.0.1:" + server.port() + "/given",
              schema -> "of-" + schema);

      given.require();
      given.require();

      var orders = new TestDatabase(given.endpoint("orders"));
      orders.execute("CREATE TABLE numbers (n int)");
      assertThat(orders.number("SELECT count(*) FROM orders.numbers")).isZero();
    } finally {
      server.stop();
    }
  }

  @Test
  void aConnectionUriNamesServerDatabaseAndAdministrator() {
    var endpoint =
        DatabaseEndpoint.parse(
            "postgresql://admin:p%40ss+1@one:5432,two:5433/shop?sslmode=require");

    assertThat(endpoint.url())
        .isEqualTo("jdbc:postgresql://one:5432,two:5433/shop?sslmode=require");
    assertThat(endpoint.user()).isEqualTo("admin");
    assertThat(endpoint.password()).isEqualTo("p@ss+1");
    assertThatThrownBy(() -> DatabaseEndpoint.parse("jdbc:postgresql://one:5432/shop"))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("postgresql://user:password@host:port/database");
  }

  private static TestDatabase of(String role) {
    return new TestDatabase(postgres.schemas().endpoint(role));
  }
}
