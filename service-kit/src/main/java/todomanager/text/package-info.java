/// Text from elsewhere: what is safe to print, paths of URIs, names of files.
@NullMarked
package todomanager.text;

import org.jspecify.annotations.NullMarked;
