/// user-svc: all users, one of them, and a user's to-do lists, which todo-svc has.
@NullMarked
package todomanager.user;

import org.jspecify.annotations.NullMarked;
