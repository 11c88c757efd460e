package todomanager.telemetry;

import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;

/// Events of Java's flight recorder.
public final class JfrEvents {
    private JfrEvents() {}

    /// Registers one as soon as somebody records. It has to be `@Registered(false)`: Java would
    /// read its annotations when it loads the class, which takes a tenth of the start.
    public static void register(Class<? extends Event> type) {
        FlightRecorder.addListener(
                new FlightRecorderListener() {
                    @Override
                    public void recorderInitialized(FlightRecorder recorder) {
                        FlightRecorder.register(type);
                    }
                });
    }
}
