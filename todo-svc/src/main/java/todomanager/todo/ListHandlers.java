package todomanager.todo;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Optional;
import todomanager.http.EntityTag;
import todomanager.http.Problem;
import todomanager.http.Representation;
import todomanager.http.RequestBody;
import todomanager.todo.list.Item;
import todomanager.todo.list.ItemPatch;
import todomanager.todo.list.ListPatch;
import todomanager.todo.list.Lists;
import todomanager.todo.store.ListStore.Change;

/// All lists of a user, and one of them.
record ListHandlers(ListChanges changes) {
    /// What there is to do; or, with `view=items`, all there is.
    Representation readAll(ServerRequest request, ServerResponse response) {
        List<String> views = request.query().all("view", List::of);
        if (views.equals(List.of("items"))) {
            return items(changes.read(request, response));
        }
        if (!views.isEmpty()) {
            throw new Problem(
                    Status.BAD_REQUEST_400, "The view can be items, once: or leave it out.");
        }
        var titles = changes.store().titles(ListChanges.username(request));
        response.header(titles.revision().header());
        return titles.value().orElseThrow(ListChanges::noLists);
    }

    private static Representation items(Lists lists) {
        return Representation.json(json -> {
            json.writeStartObject();
            for (String name : lists.names()) {
                json.writeStartArray(name);
                for (Item item : lists.items(name)) {
                    item.write(json, "etag", ItemHandlers.tag(item).toString());
                }
                json.writeEnd();
            }
            json.writeEnd();
        });
    }

    Representation removeAll(ServerRequest request, ServerResponse response) {
        return changes.changeAll(
                request,
                response,
                lists -> lists.map(ListHandlers::titlesTag),
                lists -> {
                    if (lists.isEmpty()) {
                        throw ListChanges.noLists();
                    }
                    return new Change<>(Lists.NONE, Representation.none());
                });
    }

    /// The entity tag of what there is to do.
    private static EntityTag titlesTag(Lists lists) {
        return EntityTag.ofJson(json -> {
            json.writeStartObject();
            for (String name : lists.names()) {
                json.writeStartArray(name);
                lists.items(name).stream()
                        .filter(item -> !item.completed())
                        .forEach(item -> json.write(item.title()));
                json.writeEnd();
            }
            json.writeEnd();
        });
    }

    Representation read(ServerRequest request, ServerResponse response) {
        Lists lists = changes.read(request, response);
        return ListChanges.heeding(() -> list(lists, name(request)));
    }

    private static Representation list(Lists lists, String name) {
        List<Item> items = lists.items(name);
        return Representation.json(json -> {
            json.writeStartObject().write("name", lists.name(name));
            json.writeStartArray("items");
            items.forEach(item -> item.write(json));
            json.writeEnd().writeEnd();
        });
    }

    Representation put(ServerRequest request, ServerResponse response) {
        String name = name(request);
        Optional<List<ItemPatch>> items =
                RequestBody.optionalJson(request, body -> ListPatch.items(body, name));
        return changes.change(
                request,
                response,
                lists -> tag(lists, name),
                lists -> {
                    Lists changed =
                            items.map(all -> lists.put(name, all)).orElseGet(() -> lists.put(name));
                    Representation list = list(changed, name);
                    if (lists.has(name)) {
                        return new Change<>(changed, list);
                    }
                    String uri = changes.uri(request).list(changed.name(name));
                    return new Change<>(
                            changed,
                            list.with(Status.CREATED_201)
                                    .with(HeaderValues.create(HeaderNames.LOCATION, uri)));
                });
    }

    Representation rename(ServerRequest request, ServerResponse response) {
        String name = name(request);
        String now = RequestBody.json(request, ListPatch::name).orElse(name);
        return changes.change(
                request,
                response,
                lists -> tag(lists, name),
                lists -> {
                    Lists changed = lists.rename(name, now);
                    String uri = changes.uri(request).list(changed.name(now));
                    return new Change<>(
                            changed,
                            list(changed, now)
                                    .with(HeaderValues.create(HeaderNames.CONTENT_LOCATION, uri)));
                });
    }

    Representation remove(ServerRequest request, ServerResponse response) {
        String name = name(request);
        return changes.change(
                request,
                response,
                lists -> tag(lists, name),
                lists -> new Change<>(lists.remove(name), Representation.none()));
    }

    private static Optional<EntityTag> tag(Lists lists, String name) {
        return lists.has(name) ? list(lists, name).tag() : Optional.empty();
    }

    private static String name(ServerRequest request) {
        return ListChanges.parameter(request, "list");
    }
}
