-- A role and a schema of the same name for each service, which has no rights beyond it. The variables with the passwords are in
-- the environment of psql, whose user may create roles. Running it again sets the passwords, and keeps everything else.
\set ON_ERROR_STOP on
\getenv orders ORDERS_DATABASE_PASSWORD
\getenv payments PAYMENTS_DATABASE_PASSWORD
\getenv operations OPERATIONS_DATABASE_PASSWORD
\getenv notification NOTIFICATION_DATABASE_PASSWORD
\getenv analytics ANALYTICS_DATABASE_PASSWORD
\getenv accounts ACCOUNTS_DATABASE_PASSWORD

REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
-- For text search. Its functions and operators are all that the schema public contains.
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public;

SELECT format(statement, name, password, :'DBNAME')
FROM (VALUES
    ('orders', :'orders'),
    ('payments', :'payments'),
    ('operations', :'operations'),
    ('notification', :'notification'),
    ('analytics', :'analytics'),
    ('accounts', :'accounts')
  ) AS service (name, password)
CROSS JOIN (VALUES
    (1, 'CREATE ROLE %1$I LOGIN'),
    (2, 'ALTER ROLE %1$I PASSWORD %2$L'),
    -- Only a member of the role, or a superuser, can create what it owns.
    (3, 'GRANT %1$I TO CURRENT_USER'),
    (4, 'GRANT CONNECT ON DATABASE %3$I TO %1$I'),
    (5, 'CREATE SCHEMA IF NOT EXISTS %1$I AUTHORIZATION %1$I'),
    (6, 'ALTER ROLE %1$I IN DATABASE %3$I SET search_path = %1$I, public')
  ) AS step (number, statement)
WHERE number > 1 OR NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name)
ORDER BY name, number
\gexec
