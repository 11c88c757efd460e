package todomanager.user.todo;

import java.util.Map;
import todomanager.http.Admission.Room;

/// A request below a user's lists, with all of it that goes on to todo-svc.
///
/// @param username whose lists they are
/// @param method GET, POST, PUT, PATCH, DELETE or OPTIONS
/// @param route the template of the path, below `/lists/{username}`
/// @param path behind `/lists/`, encoded, with its query
/// @param base the user's lists as the client calls them, `http://HOST/users/ana/lists`; what
///   todo-svc answers with lies below it
/// @param headers by name
/// @param body empty for none
/// @param room for a large answer
@SuppressWarnings("ArrayRecordComponent") // sent once, compared never
public record RelayedRequest(
        String username,
        String method,
        String route,
        String path,
        String base,
        Map<String, String> headers,
        byte[] body,
        Room room) {

    boolean isRead() {
        return method.equals("GET") || method.equals("OPTIONS");
    }

    /// Whether it asks for all lists of the user.
    boolean asksForAll() {
        return method.equals("GET") && route.isEmpty();
    }
}
