CREATE TABLE followed (
  partition  int    NOT NULL,
  log_offset bigint NOT NULL,
  value      text   NOT NULL,
  times      int    NOT NULL DEFAULT 1,
  PRIMARY KEY (partition, log_offset)
);
