package issueledger.metricsimport;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON value and the line in which it begins.
 *
 * @param value a map of members, a list, a string, a {@link BigDecimal}, a boolean or null
 */
record Located(int line, @Nullable Object value) {
    private static final int DEPTH = 64;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEPTH).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** @throws UnreadableReport at the first line that is not JSON */
    static Located parse(String text) {
        JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text);
        try (parser) {
            parser.nextToken();
            Located root = read(parser);
            if (parser.nextToken() != null) {
                throw new UnreadableReport(lineOf(parser), "has something behind the end of the JSON");
            }
            return root;
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
            throw new UnreadableReport(line, "is not JSON, or has a member twice");
        }
    }

    private static int lineOf(JsonParser parser) {
        return Math.max(1, parser.currentTokenLocation().getLineNr());
    }

    private static Located read(JsonParser parser) {
        int line = lineOf(parser);
        return new Located(line, valueOf(parser, line));
    }

    private static @Nullable Object valueOf(JsonParser parser, int line) {
        JsonToken token = parser.currentToken();
        if (token == null) {
            throw new UnreadableReport(line, "is empty or ends too early");
        }
        return switch (token) {
            case START_OBJECT -> {
                Map<String, Located> members = new LinkedHashMap<>();
                for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                    parser.nextToken();
                    members.put(name, read(parser));
                }
                yield members;
            }
            case START_ARRAY -> {
                List<Located> items = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    items.add(read(parser));
                }
                yield items;
            }
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
                BigDecimal number = Numbers.bounded(parser.getDecimalValue());
                if (number == null) {
                    throw new UnreadableReport(line, "has a number out of range");
                }
                yield number;
            }
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> null;
        };
    }

    boolean isObject() {
        return value instanceof Map;
    }

    boolean isList() {
        return value instanceof List;
    }

    /** The members of an object in their order, none of anything else. */
    @SuppressWarnings("unchecked") // read() makes no other map.
    Map<String, Located> members() {
        return value instanceof Map ? (Map<String, Located>) value : Map.of();
    }

    @SuppressWarnings("unchecked") // read() makes no other list.
    List<Located> items() {
        return value instanceof List ? (List<Located>) value : List.of();
    }

    /** A member, or a null in this value's line where there is none. */
    Located at(String name) {
        Located member = members().get(name);
        return member == null ? new Located(line, null) : member;
    }

    boolean has(String name) {
        return members().containsKey(name);
    }

    @Nullable
    String text() {
        return value instanceof String text ? text : null;
    }

    @Nullable
    BigDecimal number() {
        return value instanceof BigDecimal number ? number : null;
    }

    /** The text of a member that must be there. */
    String requiredText(String name) {
        String text = at(name).text();
        if (text == null) {
            throw new UnreadableReport(at(name).line(), "has no string " + name);
        }
        return text;
    }
}
