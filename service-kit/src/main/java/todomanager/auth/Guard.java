package todomanager.auth;

import io.helidon.webserver.http.Filter;

/// What stands before the resources of a service, and lets nobody pass whom it does not know.
///
/// @param sentence says at the start whom it knows
public record Guard(Filter filter, String sentence) {}
