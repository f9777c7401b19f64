package issueledger.openapi;

import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import issueledger.events.Checks;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The kinds of values of docs/commands.md and docs/api.md as JSON Schema 2020-12, which OpenAPI 3.1 is written in. */
public final class Schemas {
    /** Not blank and without what no line has; control characters, line and paragraph separators. */
    private static final String LINE = "^(?=[\\s\\S]*\\S)[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$";

    private static final String TEXT =
            "^(?=[\\s\\S]*\\S)[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$";
    private static final String HTTP_URL = "^[Hh][Tt][Tt][Pp][Ss]?://[^\\s]+$";

    private Schemas() {}

    public static Schema<?> of(String type) {
        Schema<?> schema = new JsonSchema();
        schema.setTypes(new LinkedHashSet<>(Set.of(type)));
        return schema;
    }

    public static Schema<?> string() {
        return of("string");
    }

    public static Schema<?> line() {
        return line(Checks.LINE_LENGTH);
    }

    public static Schema<?> line(int length) {
        return characters(length).pattern(LINE);
    }

    public static Schema<?> text() {
        return characters(Checks.TEXT_LENGTH).pattern(TEXT);
    }

    public static Schema<?> url() {
        return characters(Checks.TEXT_LENGTH).format("uri").pattern(HTTP_URL);
    }

    private static Schema<?> characters(int length) {
        return string().minLength(1).maxLength(length);
    }

    public static Schema<?> issueId() {
        return string().pattern("^" + Checks.ISSUE_ID.pattern() + "$");
    }

    public static Schema<?> instant() {
        return string().format("date-time");
    }

    public static Schema<?> date() {
        return string().format("date");
    }

    public static Schema<?> bool() {
        return of("boolean");
    }

    public static Schema<?> integer() {
        return of("integer").format("int64");
    }

    /** An integer that is not negative. */
    public static Schema<?> count() {
        return integer().minimum(BigDecimal.ZERO);
    }

    public static Schema<?> decimal() {
        Schema<?> schema = of("number");
        schema.setExclusiveMinimumValue(Checks.DECIMAL_BOUND.negate());
        schema.setExclusiveMaximumValue(Checks.DECIMAL_BOUND);
        return schema.description("At most 18 significant digits, at most 18 of them after the point; kept exactly.");
    }

    public static Schema<?> hash() {
        return string().pattern("^[0-9a-f]{64}$");
    }

    public static Schema<?> oneOf(Class<? extends Enum<?>> type) {
        return oneOf(Arrays.stream(type.getEnumConstants()).map(Enum::name).toList());
    }

    public static Schema<?> oneOf(List<String> values) {
        return enumerated(string(), values);
    }

    @SuppressWarnings("unchecked") // What is read from it is of the kind that its types say.
    private static Schema<?> enumerated(Schema<?> schema, List<? extends @Nullable Object> values) {
        ((Schema<Object>) schema).setEnum(new ArrayList<Object>(values));
        return schema;
    }

    public static Schema<?> listOf(Schema<?> items) {
        return of("array").items(items);
    }

    /** The same, or null. */
    public static Schema<?> orNull(Schema<?> schema) {
        if (schema.get$ref() != null) {
            return new JsonSchema().anyOf(List.of(schema, of("null")));
        }
        schema.getTypes().add("null");
        if (schema.getEnum() != null) {
            List<@Nullable Object> values = new ArrayList<>(schema.getEnum());
            values.add(null);
            return enumerated(schema, values);
        }
        return schema;
    }

    /** An object of these members and no others. */
    public static Schema<?> object(Map<String, Schema<?>> members, List<String> required) {
        Schema<?> schema = of("object");
        schema.setProperties(new LinkedHashMap<>(members));
        schema.setRequired(required.isEmpty() ? null : new ArrayList<>(required));
        schema.setAdditionalProperties(false);
        return schema;
    }

    /** An object whose members are all there. */
    public static Schema<?> object(Map<String, Schema<?>> members) {
        return object(members, List.copyOf(members.keySet()));
    }

    public static Schema<?> ref(String name) {
        return new JsonSchema().$ref("#/components/schemas/" + name);
    }
}
