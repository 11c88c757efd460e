/// Where all users are kept.
@NullMarked
package todomanager.user.store;

import org.jspecify.annotations.NullMarked;
