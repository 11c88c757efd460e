/// What tests of several modules share: load, services as processes, a todo-svc that fails.
@NullMarked
package todomanager.testkit;

import org.jspecify.annotations.NullMarked;
