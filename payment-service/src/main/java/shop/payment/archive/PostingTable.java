package shop.payment.archive;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import shop.common.database.Column;
import shop.common.money.Money;
import shop.payment.Payment;
import shop.payment.books.JournalEntry.Account;
import shop.payment.books.Ledger;
import shop.payment.books.Posting;

/** The journal, and its sums by currency and pair of accounts. */
@Repository
class PostingTable {

  private final JdbcClient jdbc;

  PostingTable(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Compared in this order, in which rows are written. */
  private record Key(String currency, String debit, String credit) implements Comparable<Key> {
    static Key of(Posting posting) {
      return new Key(posting.amount().currency(), posting.debit().name(), posting.credit().name());
    }

    @Override
    public int compareTo(Key other) {
      return (currency + debit + credit).compareTo(other.currency + other.debit + other.credit);
    }
  }

  /** Replaces the postings of payments by those that {@link Ledger} derives from them now. */
  void replace(List<Payment> payments) {
    Map<Key, Long> changes = new TreeMap<>();
    jdbc.sql(
            """
            WITH removed AS (
              DELETE FROM postings WHERE order_id = ANY(:ids::uuid[]) RETURNING currency, debit, credit, amount)
            SELECT currency, debit, credit, sum(amount) AS amount FROM removed GROUP BY 1, 2, 3
            """)
        .param("ids", Column.texts(payments, Payment::orderId))
        .query(row -> {
          changes.put(
              new Key(row.getString("currency"), row.getString("debit"), row.getString("credit")),
              -row.getLong("amount"));
        });
    var postings = payments.stream().flatMap(payment -> Ledger.postings(payment).stream()).toList();
    insert(postings);
    postings.forEach(
        posting -> changes.merge(Key.of(posting), posting.amount().amount(), Math::addExact));
    changes.values().removeIf(amount -> amount == 0);
    addTurnovers(changes);
  }

  private void insert(List<Posting> postings) {
    if (postings.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            INSERT INTO postings (order_id, subject, fact, debit, credit, amount, currency, at)
            SELECT * FROM unnest(:ids::uuid[], :subjects::uuid[], :facts::text[], :debits::text[], :credits::text[],
              :amounts::bigint[], :currencies::text[], :times::timestamptz[])
            """)
        .param("ids", Column.texts(postings, Posting::orderId))
        .param("subjects", Column.texts(postings, Posting::subject))
        .param("facts", Column.texts(postings, Posting::fact))
        .param("debits", Column.texts(postings, Posting::debit))
        .param("credits", Column.texts(postings, Posting::credit))
        .param("amounts", Column.numbers(postings, posting -> posting.amount().amount()))
        .param("currencies", Column.texts(postings, posting -> posting.amount().currency()))
        .param("times", Column.texts(postings, Posting::at))
        .update();
  }

  /** The last statement of a batch, because all instances change these few rows. */
  private void addTurnovers(Map<Key, Long> changes) {
    if (changes.isEmpty()) {
      return;
    }
    List<Map.Entry<Key, Long>> rows = new ArrayList<>(changes.entrySet());
    jdbc.sql(
            """
            INSERT INTO turnovers (currency, debit, credit, amount)
            SELECT * FROM unnest(:currencies::text[], :debits::text[], :credits::text[], :amounts::numeric[])
            ON CONFLICT (currency, debit, credit) DO UPDATE SET amount = turnovers.amount + excluded.amount
            """)
        .param("currencies", Column.texts(rows, row -> row.getKey().currency()))
        .param("debits", Column.texts(rows, row -> row.getKey().debit()))
        .param("credits", Column.texts(rows, row -> row.getKey().credit()))
        .param("amounts", Column.numbers(rows, Map.Entry::getValue))
        .update();
  }

  List<Posting.Turnover> turnovers() {
    return jdbc.sql("SELECT currency, debit, credit, amount FROM turnovers")
        .query((row, _) ->
            new Posting.Turnover(
                Account.valueOf(row.getString("debit")),
                Account.valueOf(row.getString("credit")),
                new Money(row.getLong("amount"), row.getString("currency"))))
        .list();
  }
}
