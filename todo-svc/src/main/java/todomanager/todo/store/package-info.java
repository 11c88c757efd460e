/// Where the lists of all users are kept.
@NullMarked
package todomanager.todo.store;

import org.jspecify.annotations.NullMarked;
