/// Starts and stops a service: its command line, settings, ports, health and signals.
@NullMarked
package todomanager.service;

import org.jspecify.annotations.NullMarked;
