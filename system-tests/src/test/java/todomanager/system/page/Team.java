package todomanager.system.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a test has: the user aniket, who has no lists until it gives him some, windows in which
/// people keep them, and what the service then has.
///
/// An item is written as its title, behind `✓ ` if it is done, and before ` · ` and its date if it
/// is due.
public final class Team {
    private static final Pattern ITEM =
            Pattern.compile("(?<done>✓ )?(?<title>.*?)(?: · (?<due>.*))?");

    private static final String LISTS = "/users/aniket/lists/";

    private final Services services;
    private final Browser browser;
    private final List<Window> windows = new ArrayList<>();

    Team(Services services, Browser browser) {
        this.services = services;
        this.browser = browser;
        for (String user : services.get("/users").keySet()) {
            if (!user.equals(services.administrator())) {
                services.send("DELETE", "/users/" + Services.encoded(user), "");
            }
        }
        hasUser("aniket", "Aniket Sharma");
    }

    public Services services() {
        return services;
    }

    /// Adds a user.
    public void hasUser(String username, String name) {
        var user = Json.createObjectBuilder(Map.of("name", name)).build();
        services.send("PUT", "/users/" + Services.encoded(username), user.toString());
    }

    /// Adds a user by hand, who may have a name that the service would not take.
    public void hasUserByHand(String username, String name) {
        var user = Json.createObjectBuilder(Map.of("name", name)).add("id", 7).add("verified", 0);
        services.edit(username, user);
    }

    /// Gives aniket a list behind those that he has, or changes what is in it.
    public void hasList(String list, String... items) {
        JsonArrayBuilder array = Json.createArrayBuilder();
        for (String item : items) {
            Matcher parts = ITEM.matcher(item);
            if (!parts.matches()) {
                throw new AssertionError(item);
            }
            var members =
                    Json.createObjectBuilder(Map.of("title", parts.group("title")))
                            .add("completed", parts.group("done") != null);
            if (parts.group("due") != null) {
                members.add("due", parts.group("due"));
            }
            array.add(members);
        }
        var body = Json.createObjectBuilder().add("items", array).build();
        services.send("PUT", LISTS + Services.encoded(list), body.toString());
    }

    /// The address of what stands behind `#/` in it.
    public String address(String route) {
        return services.uri() + "/#/" + route;
    }

    /// A window, which shows nothing as yet.
    public Window window() {
        var window = new Window(browser, services.uri(), this);
        windows.add(window);
        return window;
    }

    /// A window that shows what stands behind `#/` in an address.
    public Window open(String route) {
        return window().go(route);
    }

    /// The name of a user that the service has.
    public String name(String username) {
        return services.get("/users/" + Services.encoded(username)).getString("name");
    }

    /// The names of the lists that the service has, in their order.
    public List<String> lists() {
        return List.copyOf(served().keySet());
    }

    /// The items that the service has; none if it has no such list.
    public List<String> items(String list) {
        return served().containsKey(list)
                ? served().getJsonArray(list).getValuesAs(JsonObject.class).stream()
                        .map(Team::written)
                        .toList()
                : List.of();
    }

    /// Changes an item of aniket's lists in the service, as another window does.
    ///
    /// @param change of its members, in JSON
    public void hasChanged(String list, String title, String change) {
        services.send("PATCH", path(list, title), change);
    }

    /// Deletes an item of aniket's lists in the service, as another window does.
    public void hasDeleted(String list, String title) {
        services.send("DELETE", path(list, title), "");
    }

    private String path(String list, String title) {
        return served().getJsonArray(list).getValuesAs(JsonObject.class).stream()
                .filter(item -> item.getString("title").equals(title))
                .map(item -> LISTS + Services.encoded(list) + "/items/" + item.getString("id"))
                .findFirst()
                .orElseThrow();
    }

    private JsonObject served() {
        return services.get("/users/aniket/lists?view=items");
    }

    private static String written(JsonObject item) {
        String due = item.getString("due", "");
        return (item.getBoolean("completed") ? "✓ " : "")
                + item.getString("title")
                + (due.isEmpty() ? "" : " · " + due);
    }

    /// Closes the windows, which must have said nothing unexpected.
    void end() {
        windows.forEach(Window::close);
        assertThat(windows).flatExtracting(Window::complaints).isEmpty();
    }
}
