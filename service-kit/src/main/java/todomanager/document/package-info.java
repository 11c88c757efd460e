/// A JSON document that is served while it changes: read, checked, watched.
@NullMarked
package todomanager.document;

import org.jspecify.annotations.NullMarked;
