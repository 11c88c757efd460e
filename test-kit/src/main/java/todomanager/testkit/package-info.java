/// What tests of several modules share: requests, load, a todo-svc that fails.
@NullMarked
package todomanager.testkit;

import org.jspecify.annotations.NullMarked;
