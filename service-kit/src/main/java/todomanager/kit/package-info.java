/// What both services need, once: the boot, strict documents, representations and problem details.
@NullMarked
package todomanager.kit;

import org.jspecify.annotations.NullMarked;
