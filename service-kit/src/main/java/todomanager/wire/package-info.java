/// HTTP/1.1 on its wire, where Helidon reads or writes it otherwise than its standards say.
@NullMarked
package todomanager.wire;

import org.jspecify.annotations.NullMarked;
