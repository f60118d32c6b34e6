-- All orders, as the log has them: what Redis has let go is found here alone.

CREATE TABLE orders (
  id              uuid        NOT NULL PRIMARY KEY,
  customer_id     uuid        NOT NULL,
  status          text        NOT NULL,
  created_at      timestamptz NOT NULL,
  -- In the currency's smallest unit.
  total           bigint      NOT NULL,
  currency        text        NOT NULL,
  skus            text[]      NOT NULL,
  -- Number of the last event; 0 for an order that is withheld, or was cancelled while it was.
  version         bigint      NOT NULL,
  -- SHA-256 of the request that placed it.
  fingerprint     text        NOT NULL,
  -- The command that placed it, byte for byte; null while only a summary is known.
  command         text,
  -- The summary of an order that is withheld.
  withheld        text,
  reason          text,
  refunded        bigint,
  -- Ids of the refunds that were requested and have neither been made nor failed.
  refunds_under_way text[]    NOT NULL DEFAULT '{}',
  carrier         text,
  tracking_number text,
  CHECK ((command IS NULL) <> (withheld IS NULL))
) PARTITION BY HASH (id);

CREATE TABLE timeline (
  order_id uuid   NOT NULL,
  sequence bigint NOT NULL,
  -- The event as the API shows it.
  entry    text   NOT NULL,
  PRIMARY KEY (order_id, sequence)
) PARTITION BY HASH (order_id);

DO $$
BEGIN
  FOR remainder IN 0..15 LOOP
    EXECUTE format('CREATE TABLE orders_%s PARTITION OF orders FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
      remainder, remainder);
    EXECUTE format('CREATE TABLE timeline_%s PARTITION OF timeline FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
      remainder, remainder);
  END LOOP;
END $$;

-- Lists, newest first: of a customer, of all, of one status; and orders that wait for a refund.
CREATE INDEX orders_by_customer ON orders (customer_id, created_at DESC, id DESC);
CREATE INDEX orders_by_time ON orders (created_at DESC, id DESC);
CREATE INDEX orders_by_status ON orders (status, created_at DESC, id DESC);
CREATE INDEX orders_awaiting_refund ON orders (created_at) WHERE refunds_under_way <> '{}';

-- What orders contain, to find them by SKU, newest first. Rows are never changed.
CREATE TABLE order_items (
  order_id   uuid        NOT NULL,
  sku        text        NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (order_id, sku)
);
CREATE INDEX order_items_by_sku ON order_items (sku, created_at DESC, order_id DESC);

-- The names under which products were sold.
CREATE TABLE product_names (
  sku  text NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (sku, name)
);

-- Tracking numbers, apart from the orders, whose rows change: a trigram index is costly to write.
CREATE TABLE tracking_numbers (
  order_id uuid NOT NULL PRIMARY KEY,
  number   text NOT NULL
);
CREATE INDEX tracking_numbers_text ON tracking_numbers USING gin (number gin_trgm_ops);

-- Pieces that can be sold, apart from those reserved for orders that are not in the log yet.
CREATE TABLE stock (
  sku    text   NOT NULL PRIMARY KEY,
  pieces bigint NOT NULL
);

-- Pieces that are reserved for orders.
CREATE TABLE holds (
  order_id uuid NOT NULL,
  sku      text NOT NULL,
  quantity int  NOT NULL CHECK (quantity > 0),
  PRIMARY KEY (order_id, sku)
);

-- Adjustments of the stock, each of which counts once.
CREATE TABLE adjustments (
  sku         text        NOT NULL,
  id          text        NOT NULL,
  delta       bigint      NOT NULL,
  fingerprint text        NOT NULL,
  -- The record that counted: topic-partition@offset; and when it was appended.
  source      text        NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (sku, id)
);
CREATE INDEX adjustments_by_time ON adjustments (recorded_at);
