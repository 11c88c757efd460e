/// Where data is kept that outgrows a document: PostgreSQL.
@NullMarked
package todomanager.database;

import org.jspecify.annotations.NullMarked;
