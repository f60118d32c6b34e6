package shop.local.broker;

import java.sql.SQLException;

/** Statements of one user, each in a connection of its own. */
record TestDatabase(DatabaseEndpoint endpoint) {

  void execute(String... statements) throws SQLException {
    try (var connection = DatabaseSchemas.connect(endpoint);
        var statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }

  int number(String query) throws SQLException {
    try (var connection = DatabaseSchemas.connect(endpoint);
        var statement = connection.createStatement();
        var rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getInt(1);
    }
  }
}
