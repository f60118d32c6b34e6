-- The dead-letter desk, followed from the topics dead-letters and dead-letter-actions. No column that an index contains can
-- be longer than 500 characters.

-- A dead letter with the state that its actions have led to. The two topics have no common order: if the action is read first,
-- the columns of the dead letter are null until it is read, too.
CREATE TABLE entries (
  id            text PRIMARY KEY,
  service       text,
  consumer      text,
  topic         text,
  partition     int,
  failed_at     timestamptz,
  event_type    text,
  subject       text,
  -- Its record on dead-letters.
  log_partition int,
  log_offset    bigint,
  -- The first failure.
  exception     text,
  message       text,
  place         text,
  attempts      int,
  -- The latest failure, if the message failed again.
  again_exception text,
  again_message   text,
  again_place     text,
  again_attempts  int,
  state         text NOT NULL DEFAULT 'FAILED',
  version       int  NOT NULL DEFAULT 1,
  redrives      int  NOT NULL DEFAULT 0
);
CREATE INDEX entries_newest_first ON entries (failed_at DESC, id) WHERE failed_at IS NOT NULL;
CREATE INDEX entries_topic ON entries (topic, failed_at DESC, id) WHERE failed_at IS NOT NULL;
CREATE INDEX entries_service ON entries (service, failed_at DESC, id) WHERE failed_at IS NOT NULL;
CREATE INDEX entries_consumer ON entries (consumer, failed_at DESC, id) WHERE failed_at IS NOT NULL;
CREATE INDEX entries_state ON entries (state, failed_at DESC, id) WHERE failed_at IS NOT NULL;
CREATE INDEX entries_open ON entries (service, failed_at) WHERE failed_at IS NOT NULL AND state NOT IN ('RESOLVED', 'DISCARDED');

-- What text search finds, case-folded: part 0 is the dead letter, each other one the cause of a later failure, numbered by the
-- offset of its action + 1.
CREATE TABLE texts (
  entry text   NOT NULL,
  part  bigint NOT NULL,
  text  text   NOT NULL,
  PRIMARY KEY (entry, part)
);
CREATE INDEX texts_trigrams ON texts USING gin (text gin_trgm_ops);

-- The records of dead-letter-actions: decisions of admins, and outcomes that services reported.
CREATE TABLE actions (
  log_partition int    NOT NULL,
  log_offset    bigint NOT NULL,
  type          text   NOT NULL,
  at            timestamptz NOT NULL,
  -- Null for decisions about a bulk retry.
  entry         text,
  -- False if it came too late to have an effect.
  counted       boolean NOT NULL,
  version       int,
  attempt       int,
  -- The admin who decided; null for an outcome.
  admin         uuid,
  reason        text,
  bulk_retry    uuid,
  -- Of an outcome.
  service       text,
  exception     text,
  message       text,
  place         text,
  attempts      int,
  PRIMARY KEY (log_partition, log_offset)
);
CREATE INDEX actions_entry ON actions (entry, log_offset) WHERE entry IS NOT NULL;
CREATE INDEX actions_audit ON actions (at DESC, log_partition DESC, log_offset DESC) WHERE admin IS NOT NULL;
CREATE INDEX actions_admin ON actions (admin, at DESC, log_partition DESC, log_offset DESC) WHERE admin IS NOT NULL;

-- Bulk retries with their progress. If a request is read first, the columns of the plan are null until it is read, too.
CREATE TABLE bulk_retries (
  id           uuid PRIMARY KEY,
  admin        uuid,
  reason       text,
  -- A JSON object; as text, because jsonb would change it.
  filter       text,
  rate         int,
  matched      int,
  skipped      int,
  started_at   timestamptz,
  cancelled_by uuid,
  sent         int NOT NULL DEFAULT 0,
  refused      int NOT NULL DEFAULT 0,
  resolved     int NOT NULL DEFAULT 0,
  failed       int NOT NULL DEFAULT 0,
  -- Time of the latest request.
  last         timestamptz
);
CREATE INDEX bulk_retries_newest_first ON bulk_retries (started_at DESC) WHERE started_at IS NOT NULL;

-- The number of entries by service and state, so that no metric counts rows.
CREATE TABLE tallies (
  service text   NOT NULL,
  state   text   NOT NULL,
  entries bigint NOT NULL,
  PRIMARY KEY (service, state)
);
