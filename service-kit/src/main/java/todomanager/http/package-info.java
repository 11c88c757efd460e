/// What a resource answers, and how: methods, representations, pages, problem details.
@NullMarked
package todomanager.http;

import org.jspecify.annotations.NullMarked;
