/// Text that is safe to print.
@NullMarked
package todomanager.text;

import org.jspecify.annotations.NullMarked;
