package issueledger.openapi;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import issueledger.events.Checks;
import issueledger.http.Page;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.util.ReflectionUtils;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schemas of a document, in JSON Schema 2020-12. A kind names one: {@code line}, {@code line?} (or null), {@code [line]},
 * {@code page<IssueItem>}, {@code lines<IssueItem>}, {@code TimelineStep.kind}. The schema of a record is made by reflection: a component is
 * a member that is always there, and null where it may be. An object of a request is closed; one of an answer may get further members.
 */
public final class Schemas {
    static final JsonMapper JSON = new JsonMapper();

    private static final String KINDS = """
        string: {type: string}
        integer: &integer {type: integer, format: int64}
        int: *integer
        long: *integer
        count: {type: integer, format: int64, minimum: 0}
        bigdecimal: {type: number}
        percentage: {type: number, minimum: 0, maximum: 100}
        decimal:
          {type: number, exclusiveMinimum: -%1$s, exclusiveMaximum: %1$s,
          description: 'At most 18 significant digits, at most 18 of them after the point; kept exactly.'}
        boolean: {type: boolean}
        object: {type: object}
        instant: {type: string, format: date-time}
        localdate: {type: string, format: date}
        line: {type: string, minLength: 1, maxLength: %2$d, pattern: '%3$s'}
        text: {type: string, minLength: 1, maxLength: %4$d, pattern: '%5$s'}
        url: {type: string, minLength: 1, maxLength: %4$d, format: uri, pattern: '^[Hh][Tt][Tt][Pp][Ss]?://[^\\s]+$'}
        issueId: {type: string, pattern: '^%6$s$'}
        """.formatted(
                    Checks.DECIMAL_BOUND.toPlainString(),
                    Checks.LINE_LENGTH,
                    // Not blank; no control character, line or paragraph separator.
                    "^(?=[\\s\\S]*\\S)[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$",
                    Checks.TEXT_LENGTH,
                    "^(?=[\\s\\S]*\\S)[^\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$",
                    Checks.ISSUE_ID.pattern());

    private final Map<String, ObjectNode> kinds = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();
    private final Map<String, Class<?>> owners = new HashMap<>();
    private final Map<String, ObjectNode> components = new TreeMap<>();

    Schemas() {
        yaml(KINDS).forEachEntry((name, schema) -> kinds.put(name, (ObjectNode) schema));
    }

    public static ObjectNode yaml(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(1_000); // The limit guards against strangers' documents; these are ours.
        return JSON.valueToTree(new Yaml(new SafeConstructor(options)).load(text));
    }

    /** Adds a kind of this service. */
    public void kind(String name, ObjectNode schema) {
        kinds.put(name, schema);
    }

    /** Gives a record another name in the document than in the code. */
    void named(String record, String name) {
        names.put(record, name);
    }

    /** Adds a component that no record stands for. */
    public ObjectNode add(String name, ObjectNode schema) {
        components.put(name, schema);
        return ref(name);
    }

    Map<String, ObjectNode> components() {
        return components;
    }

    public ObjectNode of(String kind) {
        if (kind.endsWith("?")) {
            return orNull(of(kind.substring(0, kind.length() - 1)));
        } else if (kind.startsWith("[")) {
            return listOf(of(kind.substring(1, kind.length() - 1)));
        } else if (kind.endsWith(">")) {
            ObjectNode inner = of(kind.substring(kind.indexOf('<') + 1, kind.length() - 1));
            return kind.startsWith("page<") ? pageOf(inner) : linesOf(inner);
        }
        int dot = kind.indexOf('.');
        if (dot > 0) {
            return (ObjectNode) component(kind.substring(0, dot))
                    .at("/properties/" + kind.substring(dot + 1))
                    .deepCopy();
        }
        ObjectNode schema = kinds.get(kind);
        return schema != null ? schema.deepCopy() : ref(kind);
    }

    public ObjectNode component(String name) {
        return Objects.requireNonNull(components.get(name), () -> "there is no kind or schema " + name);
    }

    private ObjectNode ref(String name) {
        component(name); // It must be there.
        return JSON.createObjectNode().put("$ref", "#/components/schemas/" + name);
    }

    /** An inline enumeration. */
    public static ObjectNode oneOf(Stream<String> values) {
        ObjectNode schema = JSON.createObjectNode().put("type", "string");
        values.forEach(schema.putArray("enum")::add);
        return schema;
    }

    public static ObjectNode listOf(ObjectNode items) {
        ObjectNode list = JSON.createObjectNode().put("type", "array");
        list.set("items", items);
        return list;
    }

    private static ObjectNode pageOf(ObjectNode items) {
        ObjectNode members = JSON.createObjectNode();
        members.set("items", listOf(items));
        members.set("nextCursor", yaml("{type: [string, 'null'], description: null on the last page}"));
        return object(members, List.of("items", "nextCursor"));
    }

    /** OpenAPI 3.1 has no schema for the lines of a body. A tool that knows the media type writes and reads the items, a line each. */
    public static ObjectNode linesOf(ObjectNode item) {
        ObjectNode lines = yaml("{description: 'Lines of JSON, each an item and a line feed.'}");
        lines.putArray("anyOf").add(yaml("{type: string}")).add(listOf(item));
        return lines;
    }

    /** An enumeration stays one of its own, which generators of clients make one type of. */
    public static ObjectNode orNull(ObjectNode schema) {
        if (schema.has("$ref") || schema.has("enum")) {
            ObjectNode either = JSON.createObjectNode();
            either.putArray("anyOf").add(schema).addObject().put("type", "null");
            return either;
        }
        String type = schema.get("type").stringValue();
        schema.putArray("type").add(type).add("null");
        return schema;
    }

    /** An object that has these members, and others in later versions. */
    public static ObjectNode object(ObjectNode members, List<String> required) {
        ObjectNode schema = JSON.createObjectNode().put("type", "object");
        schema.set("properties", members);
        if (!required.isEmpty()) {
            required.forEach(schema.putArray("required")::add);
        }
        return schema;
    }

    /** An object of these members and no others. */
    public static ObjectNode closed(ObjectNode members, List<String> required) {
        return object(members, required).put("additionalProperties", false);
    }

    /** The schema of a string that has one value. */
    public static ObjectNode constant(String value) {
        return JSON.createObjectNode().put("type", "string").put("const", value);
    }

    /**
     * One of several components, told apart by a member that is a constant in each.
     *
     * @param components their names by the member's value
     */
    public ObjectNode oneOf(String member, Map<String, String> components) {
        ObjectNode union = JSON.createObjectNode();
        ArrayNode kinds = union.putArray("oneOf");
        ObjectNode mapping =
                union.putObject("discriminator").put("propertyName", member).putObject("mapping");
        components.forEach((value, name) -> {
            ObjectNode reference = ref(name);
            kinds.add(reference);
            mapping.set(value, reference.get("$ref"));
        });
        return union;
    }

    public ObjectNode of(Type type) {
        if (type instanceof ParameterizedType generic && generic.getRawType() == Map.class) {
            return valueForEach(generic);
        } else if (type instanceof ParameterizedType generic) {
            ObjectNode element = of(generic.getActualTypeArguments()[0]);
            if (generic.getRawType() == ResponseEntity.class) {
                return element;
            }
            return generic.getRawType() == Page.class ? pageOf(element) : listOf(element);
        }
        Class<?> plain = (Class<?>) type;
        if (plain == JsonNode.class) {
            return yaml("{description: Any JSON value.}");
        }
        if (plain.isPrimitive() || plain.getPackageName().startsWith("java.")) {
            return of(plain.getSimpleName().toLowerCase(Locale.ROOT));
        }
        return plain.isEnum() ? oneOf(Arrays.stream(plain.getEnumConstants()).map(Object::toString)) : record(plain);
    }

    /** A map has a value for each constant of its keys' type. */
    private ObjectNode valueForEach(ParameterizedType map) {
        ObjectNode members = JSON.createObjectNode();
        List<String> names = new ArrayList<>();
        for (Object key : ((Class<?>) map.getActualTypeArguments()[0]).getEnumConstants()) {
            members.set(key.toString(), of(map.getActualTypeArguments()[1]));
            names.add(key.toString());
        }
        return object(members, names);
    }

    private ObjectNode record(Class<?> type) {
        String name = names.getOrDefault(type.getSimpleName(), type.getSimpleName());
        Class<?> owner = owners.putIfAbsent(name, type);
        if (owner != null && owner != type) {
            throw new IllegalStateException(owner + " and " + type + " would both be " + name);
        }
        if (owner == null) {
            ObjectNode members = JSON.createObjectNode();
            List<String> required = new ArrayList<>();
            addMembers(type, members, required);
            components.put(name, object(members, required));
        }
        return ref(name);
    }

    private void addMembers(Class<?> type, ObjectNode members, List<String> required) {
        fieldsOf(type).forEach(field -> {
            if (field.isAnnotationPresent(JsonUnwrapped.class)) {
                addMembers(field.getType(), members, required);
                return;
            }
            boolean mayBeAbsent = field.isAnnotationPresent(JsonInclude.class);
            ObjectNode schema =
                    field.isAnnotationPresent(JsonRawValue.class) ? of("Payload") : of(field.getGenericType());
            boolean mayBeNull = field.getAnnotatedType().isAnnotationPresent(Nullable.class) && !mayBeAbsent;
            members.set(field.getName(), mayBeNull ? orNull(schema) : schema);
            if (!mayBeAbsent) {
                required.add(field.getName());
            }
        });
    }

    /** The written members in their order. Java keeps the annotations of a record's component at its field. */
    private static Stream<Field> fieldsOf(Class<?> type) {
        JsonPropertyOrder order = type.getAnnotation(JsonPropertyOrder.class);
        if (order == null && !type.isRecord()) {
            throw new IllegalStateException(type + " is no record and does not say how it is written");
        }
        return (order == null
                        ? Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName)
                        : Arrays.stream(order.value()))
                .map(name -> Objects.requireNonNull(ReflectionUtils.findField(type, name)))
                .filter(field -> !field.isAnnotationPresent(JsonIgnore.class));
    }
}
