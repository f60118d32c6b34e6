package shop.local.broker;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.postgresql.PGConnection;
import shop.local.os.LaunchException;

/**
 * The schemas of the services in one database. Each belongs to a role of the same name, which can
 * connect, and has no rights beyond its schema.
 *
 * @param administrator may create roles, and the database if it does not exist
 * @param passwords returns the password of a role
 */
public record DatabaseSchemas(DatabaseEndpoint administrator, UnaryOperator<String> passwords) {
  /** The database that {@link PostgresServer} contains. */
  static final String DATABASE = "shop";

  /** The names of the schemas, and of the roles that own them. */
  public static final List<String> NAMES =
      List.of("orders", "payments", "operations", "notification", "analytics", "accounts");

  // A key for advisory locks that nobody else has by chance.
  private static final long LOCK = 0x73_68_6f_70_2d_6c_6f_63L;
  private static final String NO_SUCH_DATABASE = "3D000";
  private static final String CONNECT_TIMEOUT_SECONDS = "5";
  private static final String READ_TIMEOUT_SECONDS = "60";

  /**
   * The schemas in a running PostgreSQL, in which those roles and schemas are created.
   *
   * @param url {@code postgresql://user:password@host:port/database} of an administrator
   * @throws LaunchException if it has another form
   */
  public static DatabaseSchemas given(String url, UnaryOperator<String> passwords) {
    return new DatabaseSchemas(DatabaseEndpoint.parse(url), passwords);
  }

  /** The database as the role of a service sees it. */
  public DatabaseEndpoint endpoint(String schema) {
    return administrator.as(schema, passwords.apply(schema));
  }

  /**
   * The same as {@link #prepare}.
   *
   * @throws LaunchException if the database does not answer, or refuses
   */
  public void require() {
    try {
      prepare();
    } catch (SQLException e) {
      throw new LaunchException(
          "The database %s of DATABASE_URL cannot be prepared: %s. Its user must be able to connect, and to create roles and schemas."
              .formatted(administrator.url(), e.getMessage()),
          e);
    }
  }

  /** Creates what is missing of database, roles and schemas, and sets passwords and rights. */
  void prepare() throws SQLException {
    try (var connection = connectOrCreate(administrator)) {
      connection.setAutoCommit(false);
      var database = quoted(administrator.database());
      execute(
          connection,
          // Others that start at the same time wait.
          "SELECT pg_advisory_xact_lock(" + LOCK + ")",
          "REVOKE ALL ON DATABASE " + database + " FROM PUBLIC",
          "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
          // For text search. Its functions and operators are all that the schema public contains.
          "CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public");
      for (var name : NAMES) {
        createRole(connection, name, passwords.apply(name));
        createSchema(connection, name, database);
      }
      connection.commit();
    }
  }

  private static Connection connectOrCreate(DatabaseEndpoint administrator) throws SQLException {
    try {
      return connect(administrator);
    } catch (SQLException e) {
      if (!NO_SUCH_DATABASE.equals(e.getSQLState())) {
        throw e;
      }
    }
    try (var connection = connect(administrator.database("postgres"))) {
      execute(connection, "CREATE DATABASE " + quoted(administrator.database()));
    }
    return connect(administrator);
  }

  /** A connection to a database. */
  static Connection connect(DatabaseEndpoint database) throws SQLException {
    var properties = new Properties();
    properties.setProperty("user", database.user());
    properties.setProperty("password", database.password());
    properties.setProperty("connectTimeout", CONNECT_TIMEOUT_SECONDS);
    properties.setProperty("socketTimeout", READ_TIMEOUT_SECONDS);
    return DriverManager.getConnection(database.url(), properties);
  }

  private static void createRole(Connection connection, String name, String password)
      throws SQLException {
    if (!exists(connection, "SELECT FROM pg_roles WHERE rolname = '" + name + "'")) {
      execute(connection, "CREATE ROLE " + name + " LOGIN");
    }
    // It sends a hash, so that no log of the server can contain the password.
    connection
        .unwrap(PGConnection.class)
        .alterUserPassword(name, password.toCharArray(), "scram-sha-256");
  }

  private static void createSchema(Connection connection, String name, String database)
      throws SQLException {
    // Only a member of the role, or a superuser, can create what it owns.
    if (!exists(connection, "SELECT WHERE current_setting('is_superuser') = 'on'")) {
      execute(connection, "GRANT " + name + " TO CURRENT_USER");
    }
    execute(
        connection,
        "GRANT CONNECT ON DATABASE " + database + " TO " + name,
        "CREATE SCHEMA IF NOT EXISTS " + name + " AUTHORIZATION " + name,
        "ALTER ROLE "
            + name
            + " IN DATABASE "
            + database
            + " SET search_path = "
            + name
            + ", public");
  }

  private static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  private static boolean exists(Connection connection, String query) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      return rows.next();
    }
  }

  private static void execute(Connection connection, String... statements) throws SQLException {
    try (var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
