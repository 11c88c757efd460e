/// JSON read strictly, with the place of each value and each fault.
@NullMarked
package todomanager.json;

import org.jspecify.annotations.NullMarked;
