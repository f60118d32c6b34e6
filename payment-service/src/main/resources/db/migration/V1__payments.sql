-- All payments as the log has them; payment-service itself keeps only recent events in memory.

CREATE TABLE payments (
  order_id    uuid        NOT NULL PRIMARY KEY,
  customer_id uuid        NOT NULL,
  status      text        NOT NULL,
  -- In the currency's smallest unit; null if it was voided before the amount was known.
  amount      bigint,
  currency    text,
  -- The only intent that may be confirmed: the first one in the log.
  intent_id   text,
  attempt     int,
  started_at  timestamptz,
  -- The provider's decline code.
  reason      text,
  decided_at  timestamptz NOT NULL,
  -- Offset of the last record that was applied, in the order's partition of the log.
  version     bigint      NOT NULL,
  CHECK ((amount IS NULL) = (currency IS NULL)),
  CHECK ((intent_id IS NULL) = (attempt IS NULL) AND (intent_id IS NULL) = (started_at IS NULL))
) PARTITION BY HASH (order_id);

CREATE TABLE refunds (
  order_id     uuid        NOT NULL,
  id           uuid        NOT NULL,
  -- Position among the order's refunds, from 1.
  number       int         NOT NULL,
  amount       bigint      NOT NULL,
  currency     text        NOT NULL,
  attempt      int         NOT NULL,
  status       text        NOT NULL,
  psp_id       text,
  reason       text,
  started_at   timestamptz NOT NULL,
  succeeded_at timestamptz,
  updated_at   timestamptz NOT NULL,
  PRIMARY KEY (order_id, id)
) PARTITION BY HASH (order_id);

-- The journal: double entry. A row moves an amount from one account to another, so it cannot but sum to zero.
CREATE TABLE postings (
  order_id uuid        NOT NULL,
  -- The refund; the order itself for its charge.
  subject  uuid        NOT NULL,
  fact     text        NOT NULL,
  debit    text        NOT NULL,
  credit   text        NOT NULL,
  amount   bigint      NOT NULL CHECK (amount > 0),
  currency text        NOT NULL,
  at       timestamptz NOT NULL,
  -- A fact is booked once.
  PRIMARY KEY (order_id, subject, fact),
  CHECK (debit <> credit)
) PARTITION BY HASH (order_id);

DO $$
BEGIN
  FOR remainder IN 0..15 LOOP
    EXECUTE format('CREATE TABLE payments_%s PARTITION OF payments FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
      remainder, remainder);
    EXECUTE format('CREATE TABLE refunds_%s PARTITION OF refunds FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
      remainder, remainder);
    EXECUTE format('CREATE TABLE postings_%s PARTITION OF postings FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
      remainder, remainder);
  END LOOP;
END $$;

-- For the reconciliation, which reads periods.
CREATE INDEX payments_started ON payments (started_at, order_id) WHERE intent_id IS NOT NULL;
CREATE INDEX refunds_succeeded ON refunds (updated_at, order_id, id) WHERE status = 'SUCCEEDED';

-- Sums of the journal, so that nobody has to read all of it. Of each currency they sum to zero over its accounts, too.
CREATE TABLE turnovers (
  currency text    NOT NULL,
  debit    text    NOT NULL,
  credit   text    NOT NULL,
  amount   numeric NOT NULL,
  PRIMARY KEY (currency, debit, credit)
) WITH (fillfactor = 50);
