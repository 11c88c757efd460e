/// todo-svc: the names of all to-do lists, and one user's lists.
@NullMarked
package todomanager.todo;

import org.jspecify.annotations.NullMarked;
