/**
 * A service's schema in PostgreSQL, which is its read model: migrated when the database is first
 * reached, and followed from the log. Nothing of it is active in services without the dependencies.
 */
@NullMarked
package shop.common.database;

import org.jspecify.annotations.NullMarked;
