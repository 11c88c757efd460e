/// Who may ask a service: secret keys, and what one service assures another of.
@NullMarked
package todomanager.auth;

import org.jspecify.annotations.NullMarked;
