/// The rules of to-do lists: what is an item, what a change makes of a user's lists, and how they
/// stand in a document. Plain values, without a server, a file or a database.
@NullMarked
package todomanager.todo.list;

import org.jspecify.annotations.NullMarked;
