package shop.local.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import shop.local.os.LaunchException;
import shop.local.os.Ports;
import shop.local.os.ProcessFiles;

@Tag("slow")
class PostgresServerTest {
  private static final int ROWS_BEFORE_THE_KILL = 100;

  @TempDir private static Path folder;
  private static PostgresServer postgres;

  @BeforeAll
  static void create() {
    postgres = new PostgresServer(folder, Ports.freeBlock(1));
  }

  @BeforeEach
  void start() {
    postgres.start();
  }

  @AfterAll
  static void stop() {
    postgres.stop();
  }

  @Test
  void whatWasCommittedSurvivesAKillDuringWrites() throws Exception {
    var database = new TestDatabase(postgres.schemas().endpoint("orders"));
    database.execute("CREATE TABLE numbers (n int PRIMARY KEY)");
    var committed = new AtomicInteger();
    var writer = Thread.ofVirtual().start(() -> write(committed));
    Awaitility.await().until(() -> committed.get() >= ROWS_BEFORE_THE_KILL);

    postgres.kill();
    writer.join();
    postgres.start();

    // The last commit may have succeeded although its answer did not arrive.
    assertThat(database.number("SELECT count(*) FROM numbers"))
        .isBetween(committed.get(), committed.get() + 1);
  }

  /** One row per transaction, with synchronous_commit=on, until the server is gone. */
  private static void write(AtomicInteger committed) {
    try (var connection = DatabaseSchemas.connect(postgres.schemas().endpoint("orders"));
        var insert = connection.prepareStatement("INSERT INTO numbers VALUES (?)")) {
      while (true) {
        insert.setInt(1, committed.get());
        insert.executeUpdate();
        committed.incrementAndGet();
      }
    } catch (SQLException killed) {
      // The end of the test's writes.
    }
  }

  @Test
  void aStopEndsConnectionsAndKeepsWhatWasCommitted() throws Exception {
    var database = new TestDatabase(postgres.schemas().endpoint("orders"));
    database.execute("CREATE TABLE colours (name text)", "INSERT INTO colours VALUES ('green')");
    try (var _ = DatabaseSchemas.connect(postgres.schemas().endpoint("payments"))) {
      postgres.stop();
    }
    assertThat(Files.readString(folder.resolve("postgres.log")))
        .contains("received fast shutdown request")
        .contains("database system is shut down");

    postgres.start();

    assertThat(database.number("SELECT count(*) FROM colours")).isEqualTo(1);
  }

  @Test
  void aWrongPasswordIsRefused() {
    var endpoint = postgres.schemas().endpoint("orders");

    for (var password : List.of("wrong", postgres.schemas().endpoint("payments").password())) {
      assertThatThrownBy(() -> DatabaseSchemas.connect(endpoint.as("orders", password)))
          .hasMessageContaining("password authentication failed");
    }
  }

  @Test
  void onlyTheOwnerCanReadThePasswords() throws IOException {
    try (var files = Files.list(folder.resolve("secrets"))) {
      assertThat(files)
          .hasSize(DatabaseSchemas.NAMES.size() + 1)
          .allSatisfy(file -> assertThat(Files.getPosixFilePermissions(file)).hasSize(2));
    }
    assertThat(folder.resolve("data/administrator")).doesNotExist();
  }

  @Test
  void aLockFileWhoseProcessIdAnotherProcessGotIsReplaced() throws IOException {
    var other = new ProcessBuilder("sleep", "60").start();
    postgres.kill();
    var lines = Files.readAllLines(lock());
    lines.set(0, String.valueOf(other.pid()));
    Files.write(lock(), lines);

    assertThatCode(postgres::start).doesNotThrowAnyException();
    other.destroy();
  }

  @Test
  void anEmptyLockFileIsReplaced() throws IOException {
    postgres.kill();
    Files.writeString(lock(), "");

    assertThatCode(postgres::start).doesNotThrowAnyException();
  }

  private static Path lock() {
    return folder.resolve("data/cluster/postmaster.pid");
  }

  @Test
  void aPortInUseIsReportedWithItsProcess() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var other = new PostgresServer(folder.resolve("second"), taken.getLocalPort());

      assertThatThrownBy(other::start)
          .isInstanceOf(LaunchException.class)
          .hasMessageContaining("Port " + taken.getLocalPort() + ", which PostgreSQL needs")
          .hasMessageContaining("process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void dataOfAnotherVersionIsReportedWithTheRemedy() throws IOException {
    var cluster = Files.createDirectories(folder.resolve("old/data/cluster"));
    Files.writeString(cluster.resolve("PG_VERSION"), "12\n");
    var old = new PostgresServer(folder.resolve("old"), Ports.freeBlock(1));

    assertThatThrownBy(old::start)
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("is of PostgreSQL 12")
        .hasMessageContaining("Delete that folder");
  }

  /** Containers of root forbid user namespaces; the folder of the test admits only its owner. */
  @Test
  void asRootItRunsUnderAnyAccountThatIsPossible() throws Exception {
    assumeThat(System.getProperty("user.name")).isEqualTo("root");
    var files = ProcessFiles.in(folder.resolve("accounts"), "postgres");
    int port = Ports.freeBlock(1);
    for (var account : List.of(PostgresAccount.IN_A_USER_NAMESPACE, PostgresAccount.NOBODY)) {
      if (account.works()) {
        var server = new PostgresServer(files, port, user -> "secret", account);
        server.start();
        new TestDatabase(server.schemas().endpoint("orders"))
            .execute("CREATE TABLE IF NOT EXISTS a (n int)");
        server.stop();
      }
    }
  }
}
