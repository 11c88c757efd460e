/// What both services promise alike, as tests that each of them inherits.
@NullMarked
package todomanager.testkit.contract;

import org.jspecify.annotations.NullMarked;
