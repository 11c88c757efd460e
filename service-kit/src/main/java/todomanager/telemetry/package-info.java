/// What a service tells of itself: metrics, log, spans, events of Flight Recorder.
@NullMarked
package todomanager.telemetry;

import org.jspecify.annotations.NullMarked;
