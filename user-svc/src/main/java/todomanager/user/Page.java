package todomanager.user;

import io.helidon.common.media.type.MediaTypes;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.ServerRequest;
import java.util.Map;
import java.util.Optional;
import todomanager.http.Problem;
import todomanager.http.Representation;
import todomanager.http.Resource;

/// The page on which people keep their lists in a browser. At the root it is for whoever asks for
/// HTML; all others are greeted.
final class Page {
    private static final Header BY_ACCEPT = HeaderValues.createCached(HeaderNames.VARY, "Accept");

    /// Nothing but the page's own files, and no text of a list that becomes markup.
    private static final Header POLICY =
            header(
                    "Content-Security-Policy",
                    "default-src 'none'; connect-src 'self'; img-src 'self'; script-src 'self'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'");

    private final Representation greeting =
            Representation.text("Hey! The service is up, how about doing something useful")
                    .with(BY_ACCEPT);
    private final Representation html;

    private final Map<String, Representation> files =
            Map.of(
                    "page.css", file("page.css", "text/css; charset=UTF-8"),
                    "page.js", file("page.js", "text/javascript; charset=UTF-8"),
                    "icon.svg", file("icon.svg", "image/svg+xml"));

    /// @param hasSignIn whether it asks people to sign in
    Page(boolean hasSignIn) {
        this.html =
                Representation.text("text/html; charset=UTF-8", html(hasSignIn))
                        .with(BY_ACCEPT)
                        .with(POLICY)
                        .with(header("Cross-Origin-Opener-Policy", "same-origin"))
                        .with(header("Referrer-Policy", "no-referrer"));
    }

    void routing(HttpRules rules) {
        rules.any("/", new Resource(this::root)).any("/page/{file}", new Resource(this::file));
    }

    private static String html(boolean hasSignIn) {
        String html = file("index.html", "text/html; charset=UTF-8").toString();
        return hasSignIn ? html.replaceFirst("<body ", "$0data-sign-in ") : html;
    }

    private Representation root(ServerRequest request) {
        return Resource.prefersHtml(request, MediaTypes.TEXT_PLAIN) ? html : greeting;
    }

    private Representation file(ServerRequest request) {
        return Optional.ofNullable(files.get(request.path().pathParameters().get("file")))
                .orElseThrow(() ->
                        new Problem(
                                Status.NOT_FOUND_404,
                                "The page has no such file: GET / names those that it has."));
    }

    private static Representation file(String name, String mediaType) {
        return Representation.packaged("/page/" + name, mediaType);
    }

    private static Header header(String name, String value) {
        return HeaderValues.createCached(HeaderNames.create(name), value);
    }
}
