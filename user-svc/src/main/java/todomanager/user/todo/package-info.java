/// The calls to todo-svc.
@NullMarked
package todomanager.user.todo;

import org.jspecify.annotations.NullMarked;
