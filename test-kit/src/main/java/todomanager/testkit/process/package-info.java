/// What runs beside a test, as a process of its own: packaged services, and a balancer before them.
@NullMarked
package todomanager.testkit.process;

import org.jspecify.annotations.NullMarked;
