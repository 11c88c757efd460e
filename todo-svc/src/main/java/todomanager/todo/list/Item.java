package todomanager.todo.list;

import jakarta.json.stream.JsonGenerator;
import java.time.LocalDate;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import todomanager.json.JsonNode;

/// One thing to do.
///
/// @param id 1 to 64 letters, digits, `_` or `-`; no other item of the list has it
/// @param order a hint for clients that sort by numbers; the place in the list says more
public record Item(
        String id, String title, boolean completed, @Nullable LocalDate due, @Nullable Long order) {
    static final String ID_RULE = "an id of 1 to 64 letters of ASCII, digits, _ or -";

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    Item withId(String other) {
        return new Item(other, title, completed, due, order);
    }

    Item completed(boolean now) {
        return new Item(id, title, now, due, order);
    }

    /// Writes the item as an element of an array.
    public void write(JsonGenerator json) {
        writeMembers(json);
        json.writeEnd();
    }

    /// The same with one more member.
    public void write(JsonGenerator json, String name, String value) {
        writeMembers(json);
        json.write(name, value).writeEnd();
    }

    private void writeMembers(JsonGenerator json) {
        json.writeStartObject().write("id", id).write("title", title).write("completed", completed);
        if (due != null) {
            json.write("due", due.toString());
        }
        if (order != null) {
            json.write("order", order);
        }
    }

    /// The item as it stands in a document, on one line, and with as little as says all.
    ///
    /// @param bare without its id, since a reader derives that
    String text(boolean bare) {
        if (bare && !completed && due == null && order == null) {
            return JsonNode.quoted(title);
        }
        var members = new StringJoiner(", ", "{", "}");
        if (!bare) {
            members.add("\"id\": " + JsonNode.quoted(id));
        }
        members.add("\"title\": " + JsonNode.quoted(title));
        if (completed) {
            members.add("\"completed\": true");
        }
        if (due != null) {
            members.add("\"due\": \"" + due + '"');
        }
        if (order != null) {
            members.add("\"order\": " + order);
        }
        return members.toString();
    }

    /// The bytes of the item in compact JSON. One that is open and one that is completed count the
    /// same, so that each can be opened again.
    int size() {
        return "{'id':,'title':,'completed':false}".length()
                + Words.quotedSize(id)
                + Words.quotedSize(title)
                + (due == null ? 0 : ",'due':'2026-12-01'".length())
                + (order == null ? 0 : (",'order':" + order).length());
    }
}
