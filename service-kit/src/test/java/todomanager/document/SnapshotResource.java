package todomanager.document;

import io.helidon.http.Method;
import io.helidon.webserver.http.ServerRequest;
import java.util.Map;
import java.util.function.BiFunction;
import todomanager.http.Representation;
import todomanager.http.Resource;

/// A resource that tests make of a document, with the revision of the snapshot that it is made of.
public final class SnapshotResource {
    private SnapshotResource() {}

    public static <T> Resource of(
            LiveDocument<T> document, BiFunction<T, ServerRequest, Representation> representation) {
        return new Resource(
                Map.of(
                        Method.GET,
                        (request, response) -> {
                            var snapshot = document.snapshot();
                            response.header(snapshot.revision().header());
                            return representation.apply(snapshot.document(), request);
                        }));
    }
}
