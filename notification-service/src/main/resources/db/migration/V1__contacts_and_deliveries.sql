-- The address of every account, followed from the topic accounts.
CREATE TABLE contacts (
  account uuid NOT NULL PRIMARY KEY,
  email   text NOT NULL
);

-- The result of every delivery of the last 90 days, followed from the topic notifications.
CREATE TABLE deliveries (
  id             uuid        NOT NULL PRIMARY KEY,
  order_id       uuid        NOT NULL,
  order_sequence bigint      NOT NULL,
  channel        text        NOT NULL,
  template       text        NOT NULL,
  -- Of attempts; null if it expired.
  attempts       int,
  -- It was sent, or it expired. One that expired can be redriven and sent later, but not the other way round.
  sent           boolean     NOT NULL,
  at             timestamptz NOT NULL
);
CREATE INDEX deliveries_oldest_first ON deliveries (at);
