-- How far each partition of the log has been applied to the other tables (shop.common.database.DatabaseFollower).
CREATE TABLE positions (
  topic     text        NOT NULL,
  partition int         NOT NULL,
  -- Offset of the next record to apply.
  next      bigint      NOT NULL,
  -- All records that were appended until then have been applied.
  as_of     timestamptz NOT NULL,
  PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);
