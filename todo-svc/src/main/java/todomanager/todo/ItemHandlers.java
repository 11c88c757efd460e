package todomanager.todo;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import todomanager.http.EntityTag;
import todomanager.http.Problem;
import todomanager.http.Representation;
import todomanager.http.RequestBody;
import todomanager.todo.list.Item;
import todomanager.todo.list.ItemPatch;
import todomanager.todo.list.ListPatch;
import todomanager.todo.list.Lists;
import todomanager.todo.store.ListStore.Change;

/// The items of a list, and one of them.
record ItemHandlers(ListChanges changes) {
    Representation readAll(ServerRequest request, ServerResponse response) {
        Predicate<Item> which = which(request);
        Lists lists = changes.read(request, response);
        return ListChanges.heeding(() -> items(lists, request, which));
    }

    Representation add(ServerRequest request, ServerResponse response) {
        ItemPatch item = RequestBody.json(request, ItemPatch::added);
        return changes.change(
                request,
                response,
                lists -> tag(lists, request, _ -> true),
                lists -> {
                    var added = lists.add(list(request), item);
                    return new Change<>(
                            added.lists(), created(added.lists(), added.item(), request));
                });
    }

    Representation completeAll(ServerRequest request, ServerResponse response) {
        Optional<Boolean> completed = RequestBody.json(request, ListPatch::completed);
        String list = list(request);
        return changes.change(
                request,
                response,
                lists -> tag(lists, request, _ -> true),
                lists -> {
                    Lists changed =
                            completed.isPresent() ? lists.complete(list, completed.get()) : lists;
                    return new Change<>(changed, items(changed, request, _ -> true));
                });
    }

    Representation removeAll(ServerRequest request, ServerResponse response) {
        Predicate<Item> which = whichGo(request);
        return changes.change(
                request,
                response,
                lists -> tag(lists, request, which),
                lists ->
                        new Change<>(
                                lists.removeItems(list(request), which), Representation.none()));
    }

    Representation read(ServerRequest request, ServerResponse response) {
        Lists lists = changes.read(request, response);
        return ListChanges.heeding(() -> item(lists, request));
    }

    Representation put(ServerRequest request, ServerResponse response) {
        ItemPatch item = RequestBody.json(request, ItemPatch::whole);
        String list = list(request);
        String id = id(request);
        return changes.change(
                request,
                response,
                lists -> tag(lists, request),
                lists -> {
                    Lists changed = lists.put(list, id, item);
                    Item put = changed.item(list, id);
                    return new Change<>(
                            changed,
                            lists.find(list, id).isPresent()
                                    ? item(changed, list, put, request)
                                    : created(changed, put, request));
                });
    }

    Representation patch(ServerRequest request, ServerResponse response) {
        ItemPatch patch = RequestBody.json(request, ItemPatch::of);
        return changes.change(
                request,
                response,
                lists -> tag(lists, request),
                lists -> {
                    var patched = lists.patch(list(request), id(request), patch);
                    Lists changed = patched.lists();
                    if (patch.list() == null) {
                        return new Change<>(
                                changed, item(changed, list(request), patched.item(), request));
                    }
                    String url = url(changed, patch.list(), patched.item(), request);
                    return new Change<>(
                            changed,
                            item(changed, patch.list(), patched.item(), request)
                                    .with(HeaderValues.create(HeaderNames.CONTENT_LOCATION, url)));
                });
    }

    Representation remove(ServerRequest request, ServerResponse response) {
        return changes.change(
                request,
                response,
                lists -> tag(lists, request),
                lists ->
                        new Change<>(
                                lists.remove(list(request), id(request)), Representation.none()));
    }

    /// The entity tag of an item, which is the same wherever it is found.
    static EntityTag tag(Item item) {
        return EntityTag.ofJson(item::write);
    }

    private static Optional<EntityTag> tag(Lists lists, ServerRequest request) {
        return lists.find(list(request), id(request)).map(ItemHandlers::tag);
    }

    private static Optional<EntityTag> tag(
            Lists lists, ServerRequest request, Predicate<Item> which) {
        return lists.has(list(request))
                ? Optional.of(tag(lists.items(list(request)).stream().filter(which).toList()))
                : Optional.empty();
    }

    private static EntityTag tag(List<Item> items) {
        return EntityTag.ofJson(json -> {
            json.writeStartArray();
            items.forEach(item -> item.write(json));
            json.writeEnd();
        });
    }

    private Representation created(Lists lists, Item item, ServerRequest request) {
        String list = list(request);
        return item(lists, list, item, request)
                .with(Status.CREATED_201)
                .with(HeaderValues.create(HeaderNames.LOCATION, url(lists, list, item, request)));
    }

    private Representation item(Lists lists, ServerRequest request) {
        return item(lists, list(request), lists.item(list(request), id(request)), request);
    }

    private Representation item(Lists lists, String list, Item item, ServerRequest request) {
        String url = url(lists, list, item, request);
        return Representation.json(json -> item.write(json, "url", url)).with(tag(item));
    }

    private String url(Lists lists, String list, Item item, ServerRequest request) {
        return changes.uri(request).item(lists.name(list), item.id());
    }

    private Representation items(Lists lists, ServerRequest request, Predicate<Item> which) {
        String list = lists.name(list(request));
        ListUri uri = changes.uri(request);
        List<Item> items = lists.items(list).stream().filter(which).toList();
        return Representation.json(
                        json -> {
                            json.writeStartArray();
                            for (Item item : items) {
                                item.write(json, "url", uri.item(list, item.id()));
                            }
                            json.writeEnd();
                        })
                .with(tag(items));
    }

    /// The items that go: all, or those that are completed. A query that says anything else must
    /// not make all of them of it.
    private static Predicate<Item> whichGo(ServerRequest request) {
        List<String> values = request.query().all("completed", List::of);
        if (request.query().isEmpty()) {
            return _ -> true;
        }
        if (request.query().names().equals(Set.of("completed")) && values.equals(List.of("true"))) {
            return Item::completed;
        }
        throw new Problem(
                Status.BAD_REQUEST_400,
                "Only ?completed=true can be asked for: give it once, or leave out the query.");
    }

    /// The items that `completed` asks for; all where it is not there.
    private static Predicate<Item> which(ServerRequest request) {
        List<String> values = request.query().all("completed", List::of);
        if (values.isEmpty()) {
            return _ -> true;
        }
        if (!values.equals(List.of("true")) && !values.equals(List.of("false"))) {
            throw new Problem(
                    Status.BAD_REQUEST_400,
                    "Give completed once, as true or false: or leave it out.");
        }
        boolean completed = Boolean.parseBoolean(values.getFirst());
        return item -> item.completed() == completed;
    }

    private static String list(ServerRequest request) {
        return ListChanges.parameter(request, "list");
    }

    private static String id(ServerRequest request) {
        return ListChanges.parameter(request, "id");
    }
}
