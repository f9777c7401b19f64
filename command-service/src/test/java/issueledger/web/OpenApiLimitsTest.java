package issueledger.web;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import issueledger.events.InvalidValue.Offence;
import issueledger.http.Problem;
import issueledger.issue.IssueCommand;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Each limit that the document tells of a body is the binder's: what is just within it is taken, what is just beyond it is refused, at its
 * pointer. The bodies to begin with are the document's own examples.
 */
class OpenApiLimitsTest extends OverHttp {
    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");

    private JsonNode document;

    /** A value for a field, and whether it is within the limits. */
    private record Trial(String name, String pointer, JsonNode value, boolean good) {}

    @Test
    void every_limit_of_every_field_is_the_binders() {
        document = get("/v3/api-docs").is(200).json();
        Map<String, Integer> trials = new TreeMap<>();
        IssueCommand.BY_NAME.forEach((name, type) -> {
            JsonNode body = operation(name).at("/requestBody/content/application~1json");
            ObjectNode example = (ObjectNode) body.at("/examples/one/value");
            assertThat(refused(type, example)).as("the example of " + name).isEmpty();
            JsonNode schema = resolved(body.get("schema"));
            assertThat(schema.get("additionalProperties").booleanValue()).isFalse();
            List<Trial> all = new ArrayList<>();
            fields(schema, "", example, all);
            all.add(new Trial("unknown", "/unheardOf", EventJson.MAPPER.valueToTree("x"), false));
            for (Trial trial : all) {
                ObjectNode changed = example.deepCopy();
                if (trial.pointer().equals("/duplicateOf")) {
                    changed.put("resolution", "DUPLICATE"); // It is for no other.
                }
                set(changed, trial.pointer(), trial.value());
                List<String> pointers = refused(type, changed);
                if (trial.good()) {
                    assertThat(pointers).as("%s %s", name, trial).doesNotContain(trial.pointer());
                } else {
                    assertThat(pointers).as("%s %s", name, trial).anyMatch(p -> p.startsWith(trial.pointer()));
                }
                trials.merge(trial.name(), 1, Integer::sum);
            }
        });
        assertThat(trials)
                .containsKeys(
                        "maxLength",
                        "pattern",
                        "blank",
                        "maxItems",
                        "minItems",
                        "minimum",
                        "maximum",
                        "enum",
                        "type",
                        "null",
                        "required",
                        "format",
                        "unknown");
    }

    private JsonNode operation(String command) {
        String path = command.equals("open-issue") ? "/issues" : "/issues/{id}/" + command;
        return document.get("paths").get(path).get("post");
    }

    private JsonNode resolved(JsonNode schema) {
        return schema.has("$ref") ? document.at(schema.get("$ref").stringValue().substring(1)) : schema;
    }

    private void fields(JsonNode schema, String parent, ObjectNode example, List<Trial> trials) {
        List<String> required =
                schema.path("required").valueStream().map(JsonNode::stringValue).toList();
        schema.get("properties").forEachEntry((name, told) -> {
            String pointer = parent + "/" + name;
            JsonNode field = told.has("anyOf") ? resolved(told.at("/anyOf/0")) : resolved(told);
            boolean mayBeNull = told.has("anyOf") || types(field).contains("null");
            if (!name.equals("duplicateOf")) {
                trials.add(new Trial("null", pointer, EventJson.MAPPER.nullNode(), mayBeNull));
            }
            if (required.contains(name)) {
                trials.add(new Trial("required", pointer, EventJson.MAPPER.missingNode(), false));
            }
            value(field, pointer, example, trials);
        });
    }

    private static List<String> types(JsonNode schema) {
        JsonNode type = schema.path("type");
        return type.isArray() ? type.valueStream().map(JsonNode::stringValue).toList() : List.of(type.asString(""));
    }

    private void value(JsonNode schema, String pointer, ObjectNode example, List<Trial> trials) {
        List<String> types = types(schema);
        trials.add(new Trial("type", pointer, types.contains("string") ? json(7) : json("seven"), false));
        if (types.contains("object")) {
            JsonNode given = example.at(pointer);
            if (given instanceof ObjectNode) {
                fields(schema, pointer, example, trials);
            }
        } else if (types.contains("array")) {
            items(schema, pointer, example, trials);
        } else if (schema.has("enum")) {
            schema.get("enum")
                    .valueStream()
                    .filter(v -> !v.isNull() && !pointer.equals("/resolution"))
                    .forEach(v -> trials.add(new Trial("enum", pointer, v, true)));
            trials.add(new Trial("enum", pointer, json("no such"), false));
        } else if (types.contains("string")) {
            string(schema, pointer, trials);
        } else {
            number(schema, types, pointer, trials);
        }
    }

    private void items(JsonNode schema, String pointer, ObjectNode example, List<Trial> trials) {
        JsonNode item = resolved(schema.get("items"));
        int most = schema.get("maxItems").intValue();
        JsonNode one = types(item).contains("object") ? example.at(pointer + "/0") : json("a");
        if (one.isMissingNode()) {
            return;
        }
        ArrayNode list = EventJson.MAPPER.createArrayNode();
        for (int i = 0; i < most; i++) {
            list.add(one);
        }
        trials.add(new Trial("maxItems", pointer, list, true));
        trials.add(new Trial("maxItems", pointer, list.deepCopy().add(one), false));
        if (schema.has("minItems")) {
            trials.add(new Trial("minItems", pointer, EventJson.MAPPER.createArrayNode(), false));
        }
        if (types(item).contains("object")) {
            fields(item, pointer + "/0", example, trials);
            return;
        }
        List<Trial> ofOne = new ArrayList<>();
        string(item, pointer + "/0", ofOne);
        ofOne.forEach(trial -> trials.add(new Trial(
                trial.name(), pointer, EventJson.MAPPER.createArrayNode().add(trial.value()), trial.good())));
    }

    private void string(JsonNode schema, String pointer, List<Trial> trials) {
        String format = schema.path("format").asString("");
        switch (format) {
            case "date" -> {
                trials.add(new Trial("format", pointer, json("2026-02-14"), true));
                trials.add(new Trial("format", pointer, json("2026-02-30"), false));
            }
            case "date-time" -> {
                trials.add(new Trial("format", pointer, json("2026-02-14T09:30:00+01:00"), true));
                trials.add(new Trial("format", pointer, json("2026-02-14T09:30:00"), false));
            }
            case "uri" -> {
                trials.add(new Trial("format", pointer, json("HTTPS://example.com/a?b=c"), true));
                trials.add(new Trial("pattern", pointer, json("ftp://example.com"), false));
                int most = schema.get("maxLength").intValue();
                trials.add(new Trial("maxLength", pointer, json("http://a/" + "a".repeat(most - 9)), true));
                trials.add(new Trial("maxLength", pointer, json("http://a/" + "a".repeat(most - 8)), false));
            }
            default -> characters(schema, pointer, trials);
        }
    }

    private void characters(JsonNode schema, String pointer, List<Trial> trials) {
        String pattern = schema.path("pattern").asString("");
        if (!schema.has("maxLength")) {
            Stream.of("a", "A1._-z", "a".repeat(64), "a".repeat(65), "-a", "a b", "")
                    .forEach(id -> trials.add(new Trial("pattern", pointer, json(id), id.matches(pattern))));
            return;
        }
        int most = schema.get("maxLength").intValue();
        trials.add(new Trial("maxLength", pointer, json("a".repeat(most)), true));
        trials.add(new Trial("maxLength", pointer, json("a".repeat(most + 1)), false));
        trials.add(new Trial("maxLength", pointer, json("😀".repeat(most)), true));
        trials.add(new Trial("minLength", pointer, json(""), false));
        trials.add(new Trial("blank", pointer, json(" \u2003 "), false));
        for (String odd : List.of("a\nb", "a\tb", "a\u0007b", "a\u0085b", "a\u2028b", "a b", "é")) {
            trials.add(new Trial(
                    "pattern",
                    pointer,
                    json(odd),
                    Pattern.compile(pattern).matcher(odd).find()));
        }
    }

    private static void number(JsonNode schema, List<String> types, String pointer, List<Trial> trials) {
        if (types.contains("integer")) {
            trials.add(new Trial("integer", pointer, json(new BigDecimal("1.5")), false));
            trials.add(new Trial("integer", pointer, json(Long.MAX_VALUE), true));
            trials.add(new Trial("integer", pointer, json(new BigDecimal("9223372036854775808")), false));
        }
        if (schema.has("minimum")) {
            trials.add(new Trial("minimum", pointer, json(schema.get("minimum").decimalValue()), true));
            trials.add(new Trial(
                    "minimum",
                    pointer,
                    json(schema.get("minimum").decimalValue().subtract(BigDecimal.ONE)),
                    false));
        }
        if (schema.has("maximum")) {
            trials.add(new Trial("maximum", pointer, json(schema.get("maximum").decimalValue()), true));
            trials.add(new Trial(
                    "maximum",
                    pointer,
                    json(schema.get("maximum").decimalValue().add(BigDecimal.ONE)),
                    false));
        }
        if (schema.has("exclusiveMaximum")) {
            BigDecimal bound = schema.get("exclusiveMaximum").decimalValue();
            for (BigDecimal limit : List.of(bound, bound.negate())) {
                trials.add(new Trial("exclusive", pointer, json(limit), false));
                trials.add(new Trial(
                        "exclusive", pointer, json(limit.subtract(BigDecimal.valueOf(limit.signum()))), true));
            }
        }
    }

    private static JsonNode json(Object value) {
        return EventJson.MAPPER.valueToTree(value);
    }

    private static void set(ObjectNode body, String pointer, JsonNode value) {
        int last = pointer.lastIndexOf('/');
        ObjectNode parent = (ObjectNode) body.at(pointer.substring(0, last));
        if (value.isMissingNode()) {
            parent.remove(pointer.substring(last + 1));
        } else {
            parent.set(pointer.substring(last + 1), value);
        }
    }

    /** The pointers of the binder's offences, if it refuses the body. */
    private static List<String> refused(Class<? extends IssueCommand> type, ObjectNode body) {
        try {
            Binder.bind(type, body, NOW);
            return List.of();
        } catch (Problem e) {
            return ((List<?>) e.members().get("errors"))
                    .stream().map(offence -> ((Offence) offence).pointer()).toList();
        }
    }
}
