package shop.notification.contact;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import shop.common.database.SqlText;
import shop.common.kafka.Topics;

/** The table {@code contacts}: the address of every account. */
@Repository
class ContactTable {

  private final JdbcClient jdbc;

  ContactTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * What the table says about an account.
   *
   * @param contact null if it has none
   * @param complete whether the table has the topic at least to the end offsets that were given
   */
  record Lookup(@Nullable Contact contact, boolean complete) {}

  Optional<Contact> find(UUID account) {
    return jdbc.sql("SELECT email FROM contacts WHERE account = :account")
        .param("account", account)
        .query((row, _) -> new Contact(row.getString("email")))
        .optional();
  }

  /**
   * Reads contact and positions in one statement, which sees one snapshot: between two, the table
   * could be emptied to be filled again.
   *
   * @param ends the end offset of each partition of the followed topic
   */
  Lookup find(UUID account, Map<TopicPartition, Long> ends) {
    var partitions = List.copyOf(ends.keySet());
    return jdbc.sql(
            """
            SELECT (SELECT email FROM contacts WHERE account = :account) AS email,
              (SELECT bool_and(coalesce(positions.next, 0) >= log."end")
               FROM unnest(:partitions::int[], :ends::bigint[]) AS log (partition, "end")
                 LEFT JOIN positions ON positions.topic = :topic AND positions.partition = log.partition)
                AS complete
            """)
        .param("account", account)
        .param("topic", Topics.ACCOUNTS.name())
        .param(
            "partitions",
            partitions.stream().map(TopicPartition::partition).toArray(Integer[]::new))
        .param("ends", partitions.stream().map(ends::get).toArray(Long[]::new))
        .query((row, _) -> {
          @Nullable String email = row.getString("email");
          return new Lookup(email == null ? null : new Contact(email), row.getBoolean("complete"));
        })
        .single();
  }

  /** Adds contacts, in key order; accounts that have one keep it. */
  void add(SortedMap<UUID, Contact> contacts) {
    jdbc.sql(
            """
            INSERT INTO contacts (account, email)
            SELECT * FROM unnest(:accounts::uuid[], :emails::text[])
            ON CONFLICT DO NOTHING
            """)
        .param("accounts", contacts.keySet().stream().map(UUID::toString).toArray(String[]::new))
        .param(
            "emails",
            contacts.values().stream()
                .map(contact -> SqlText.of(contact.email()))
                .toArray(String[]::new))
        .update();
  }

  void truncate() {
    jdbc.sql("TRUNCATE contacts").update();
  }
}
