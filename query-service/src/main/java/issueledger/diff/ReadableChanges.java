package issueledger.diff;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Lines for an auditor's report. Both issues are JSON as {@code GET /issues/{id}} answers it; either may be the older one. */
final class ReadableChanges {
    private static final int LENGTH = 120;
    private static final String NONE = "none";
    private static final String PRODUCTION = "production";

    private final JsonNode before;
    private final JsonNode after;
    private final List<String> lines = new ArrayList<>();

    private ReadableChanges(JsonNode before, JsonNode after) {
        this.before = before;
        this.after = after;
    }

    static List<String> between(JsonNode before, JsonNode after) {
        ReadableChanges changes = new ReadableChanges(before, after);
        changes.compare();
        return changes.lines;
    }

    private void compare() {
        for (String field : List.of("status", "title")) {
            value(field, before.get(field), after.get(field));
        }
        section("description", "description");
        section("rootCause", "root cause");
        value(
                "severity",
                before.path("impact").path("severity"),
                after.path("impact").path("severity"));
        section("impact", "impact");
        section("solution", "solution");
        items("phases", "number", this::phase);
        section("testingStrategy", "testing strategy");
        testRuns();
        items("relatedFiles", "path", this::file);
        items("references", "number", this::reference);
        items("notes", "number", this::note);
        metrics();
        value("assignee", before.get("assignee"), after.get("assignee"));
        labels();
        for (String field : List.of(
                "startedOn", "release", "deployedAt", "resolution", "duplicateOf", "fixedAt", "closedAt", "reopened")) {
            value(words(field), before.get(field), after.get(field));
        }
    }

    private void value(String name, @Nullable JsonNode old, @Nullable JsonNode now) {
        if (!text(old).equals(text(now))) {
            lines.add(name + ": " + text(old) + " → " + text(now));
        }
    }

    /** A section is recorded as a whole: the line names the fields that differ. */
    private void section(String field, String name) {
        JsonNode old = before.get(field);
        JsonNode now = after.get(field);
        if (old.equals(now)) {
            return;
        }
        if (old.isNull() || now.isNull()) {
            lines.add(name + (old.isNull() ? " recorded" : " not recorded"));
            return;
        }
        List<String> fields = now.propertyNames().stream()
                .filter(part -> !part.equals("severity") && !now.get(part).equals(old.get(part)))
                .map(ReadableChanges::words)
                .toList();
        if (!fields.isEmpty()) {
            lines.add(name + " revised: " + String.join(", ", fields));
        }
    }

    private interface Item {
        void compare(String key, @Nullable JsonNode old, @Nullable JsonNode now);
    }

    private void items(String field, String key, Item item) {
        items(field, node -> text(node.get(key)), item);
    }

    private void items(String field, Function<JsonNode, String> key, Item item) {
        Map<String, JsonNode> olds = byKey(before.get(field), key);
        Map<String, JsonNode> nows = byKey(after.get(field), key);
        olds.forEach((name, old) -> {
            JsonNode now = nows.get(name);
            if (!old.equals(now)) {
                item.compare(name, old, now);
            }
        });
        nows.forEach((name, now) -> {
            if (!olds.containsKey(name)) {
                item.compare(name, null, now);
            }
        });
    }

    private static Map<String, JsonNode> byKey(JsonNode list, Function<JsonNode, String> key) {
        Map<String, JsonNode> items = new LinkedHashMap<>();
        list.forEach(item -> items.put(key.apply(item), item));
        return items;
    }

    private void phase(String number, @Nullable JsonNode old, @Nullable JsonNode now) {
        if (now == null) {
            lines.add("phase " + number + " not in the plan");
            return;
        }
        if (old == null) {
            lines.add("phase " + number + " planned: " + text(now.get("name")));
        }
        for (String field : List.of("name", "status", "plannedStart", "plannedEnd", "timeline", "outcome")) {
            JsonNode was = old == null ? null : old.get(field);
            boolean planned =
                    old == null && (field.equals("name") || text(now.get(field)).equals("PLANNED"));
            if (!planned) {
                value("phase " + number + " " + words(field), was, now.get(field));
            }
        }
        if (old != null && !old.get("description").equals(now.get("description"))) {
            lines.add("phase " + number + " description revised");
        }
    }

    private void testRuns() {
        int old = before.get("testRuns").size();
        int now = after.get("testRuns").size();
        for (int i = Math.min(old, now); i < Math.max(old, now); i++) {
            JsonNode run = (now > old ? after : before).get("testRuns").get(i);
            lines.add("test run " + (i + 1) + (now > old ? " recorded: " : " not recorded: ") + text(run.get("kind"))
                    + " " + text(run.get("outcome")));
        }
    }

    private void file(String path, @Nullable JsonNode old, @Nullable JsonNode now) {
        if (old == null || now == null) {
            lines.add("file " + (old == null ? "linked: " : "not linked: ") + path);
        } else {
            value("file " + path + " purpose", old.get("purpose"), now.get("purpose"));
        }
    }

    private void reference(String number, @Nullable JsonNode old, @Nullable JsonNode now) {
        JsonNode one = now == null ? old : now;
        if (one != null) {
            lines.add("reference " + number + (now == null ? " not there: " : " added: ") + text(one.get("title")));
        }
    }

    private void note(String number, @Nullable JsonNode old, @Nullable JsonNode now) {
        if (old == null && now != null) {
            lines.add("note " + number + " recorded: " + text(now.get("kind")) + ": " + text(now.get("text")));
        } else if (now == null) {
            lines.add("note " + number + " not recorded");
        } else {
            lines.add("note " + number + (now.get("corrected").booleanValue() ? " corrected" : " not corrected") + ": "
                    + text(old == null ? null : old.get("text")) + " → " + text(now.get("text")));
        }
    }

    private void metrics() {
        items(
                "metrics",
                series -> text(series.get("statistic")).toLowerCase(Locale.ROOT) + " " + text(series.get("name"))
                        + (text(series.get("environment")).equals(PRODUCTION)
                                ? ""
                                : " (" + text(series.get("environment")) + ")"),
                this::series);
    }

    private void series(String name, @Nullable JsonNode old, @Nullable JsonNode now) {
        JsonNode one = now == null ? old : now;
        String unit = one == null ? "" : " " + text(one.get("unit"));
        for (String field : List.of("baseline", "target", "measured")) {
            String was = number(old, field);
            String is = number(now, field);
            if (!was.equals(is)) {
                lines.add(name + " " + field + ": " + (is.equals(NONE) ? was + unit : was) + " → "
                        + (is.equals(NONE) ? is : is + unit));
            }
        }
        value(
                name + " target met",
                old == null ? null : old.get("targetMet"),
                now == null ? null : now.get("targetMet"));
    }

    private static String number(@Nullable JsonNode series, String field) {
        JsonNode value = series == null ? null : series.get(field);
        return value == null || value.isNull() ? NONE : value.decimalValue().toPlainString();
    }

    private void labels() {
        List<String> parts = new ArrayList<>();
        after.get("labels").forEach(label -> {
            if (!contains(before.get("labels"), label)) {
                parts.add("+" + text(label));
            }
        });
        before.get("labels").forEach(label -> {
            if (!contains(after.get("labels"), label)) {
                parts.add("−" + text(label));
            }
        });
        if (!parts.isEmpty()) {
            lines.add("labels: " + String.join(", ", parts));
        }
    }

    private static boolean contains(JsonNode list, JsonNode item) {
        for (JsonNode one : list) {
            if (one.equals(item)) {
                return true;
            }
        }
        return false;
    }

    /** {@code startedOn} as {@code started on}. */
    private static String words(String field) {
        return field.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }

    /** One line of at most {@link #LENGTH} characters. */
    private static String text(@Nullable JsonNode value) {
        if (value == null || value.isNull() || value.isMissingNode()) {
            return NONE;
        }
        String line = value.asString().strip().replaceAll("\\s+", " ");
        return line.codePointCount(0, line.length()) <= LENGTH
                ? line
                : line.substring(0, line.offsetByCodePoints(0, LENGTH - 1)) + "…";
    }
}
