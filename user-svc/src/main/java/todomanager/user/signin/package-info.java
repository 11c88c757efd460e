/// Signs people in with an OpenID provider, and lets each have what is theirs.
@NullMarked
package todomanager.user.signin;

import org.jspecify.annotations.NullMarked;
