package issueledger.openapi;

import static issueledger.openapi.Schemas.JSON;
import static java.nio.charset.StandardCharsets.UTF_8;

import issueledger.http.ProblemType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the OpenAPI document of a service from {@code common.yaml}, the service's {@code document.yaml} and {@code examples.json}, the
 * mappings, the records and the {@link ProblemType}s. In the YAML a parameter is one line: where, name, kind, description.
 */
final class Document {
    private static final Pattern REFERENCE = Pattern.compile("#/components/(\\w+)/([\\w.-]+)");
    private static final String PROBLEM_JSON = "application/problem+json";

    private final Map<String, Type> answered;
    private final ObjectNode common = Schemas.yaml(resource("common.yaml"));
    private final ObjectNode own = Schemas.yaml(resource("document.yaml"));
    private final JsonNode examples = JSON.readTree(resource("examples.json"));
    private final Schemas schemas = new Schemas();
    private final ObjectNode components = JSON.createObjectNode();

    /** @param answered what the methods behind the mappings return, by {@code GET /issues} */
    Document(Map<String, Type> answered) {
        this.answered = answered;
    }

    private static String resource(String name) {
        try (InputStream in = Document.class.getResourceAsStream("/issueledger/openapi/" + name)) {
            return in == null ? "{}" : new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same service always writes the same document. */
    ObjectNode write(ServiceDocument service, String version) {
        own.path("names").forEachEntry((record, name) -> schemas.named(record, name.stringValue()));
        service.complete(own, schemas);
        schemas.add("Problem", (ObjectNode) common.required("problem"));
        schemas.add("OtherProblem", otherProblem());
        for (ObjectNode part : List.of(common, own)) {
            part.path("kinds").forEachEntry((name, kind) -> schemas.kind(name, schema(kind)));
            part.path("headers").forEachEntry((name, line) -> {
                String[] words = line.stringValue().split(" ", 2);
                components
                        .withObject("/headers/" + name)
                        .put("description", words[1])
                        .set("schema", schemas.of(words[0]));
            });
            part.path("parameters").forEach(line -> {
                ObjectNode parameter = parameter(line.stringValue());
                components.withObject("/parameters").set(parameter.get("name").stringValue(), parameter);
            });
        }
        ObjectNode paths = paths();
        components.set("schemas", JSON.valueToTree(schemas.components()));

        ObjectNode document = (ObjectNode) common.required("document");
        document.withObject("/info").put("version", version).setAll((ObjectNode) own.required("info"));
        document.set("tags", ((ArrayNode) own.required("tags")).addAll((ArrayNode) document.required("tags")));
        document.set("paths", paths);
        document.withObject("/components").setAll(used(paths));
        return document;
    }

    /** The mapped operations; one that is not described stays empty, and a test names it. Actuator has mappings of its own. */
    private ObjectNode paths() {
        Map<String, ObjectNode> paths = new TreeMap<>();
        Set<String> undescribed = new TreeSet<>(answered.keySet());
        ObjectNode operations = own.withObject("/operations").setAll((ObjectNode) common.required("operations"));
        operations.forEachEntry((key, described) -> {
            String mapping = described.path("mapping").asString(key);
            undescribed.remove(mapping);
            if (answered.containsKey(mapping) || key.startsWith("GET /actuator/")) {
                add(paths, key, operation(key, mapping, (ObjectNode) described));
            }
        });
        undescribed.forEach(key -> add(paths, key, JSON.createObjectNode()));
        return JSON.valueToTree(paths);
    }

    private static void add(Map<String, ObjectNode> paths, String key, ObjectNode operation) {
        String[] words = key.split(" ", 2);
        paths.computeIfAbsent(words[1], path -> JSON.createObjectNode())
                .set(words[0].toLowerCase(Locale.ROOT), operation);
    }

    private ObjectNode operation(String key, String mapping, ObjectNode described) {
        Type type = answered.get(mapping);
        ObjectNode operation = described.deepCopy();
        operation.remove(List.of("mapping", "answers", "problems", "body"));
        ObjectNode responses = problems(described.path("problems"));
        described.required("answers").forEachEntry((status, answer) -> {
            ObjectNode response = answer(
                    answer.path("description").asString(described.get("summary").stringValue()),
                    answer.path("headers").valueStream().map(JsonNode::stringValue));
            if (answer.has("content")) {
                response.set("content", content((ObjectNode) answer.get("content"), type));
            }
            responses.set(status, response);
        });
        ArrayNode parameters = operation.putArray("parameters");
        Stream.concat(flat(described.path("parameters")).map(JsonNode::stringValue), Stream.of("Prefer"))
                .map(line -> line.contains(" ") ? parameter(line) : reference("parameters", line))
                .forEach(parameters::add);
        if (described.has("body")) {
            ObjectNode body = operation.putObject("requestBody");
            body.set("content", content((ObjectNode) described.get("body").get("content"), type));
            body.put("required", described.get("body").path("required").asBoolean(true));
        }
        operation.set("responses", responses);
        addExamples(key, operation);
        return operation;
    }

    private static ObjectNode reference(String kind, String name) {
        return JSON.createObjectNode().put("$ref", "#/components/" + kind + "/" + name);
    }

    private ObjectNode parameter(String line) {
        String[] words = line.split(" ", 4);
        ObjectNode parameter = JSON.createObjectNode().put("name", words[1]).put("in", words[0]);
        parameter.put("description", words[3]).set("schema", schemas.of(words[2]));
        return words[0].equals("query") ? parameter : parameter.put("required", words[0].equals("path"));
    }

    /** The schema of a kind, of an object with {@code fields} (of a request: {@code closed}), or as it stands. */
    private ObjectNode schema(JsonNode kind) {
        return kind.isString()
                ? schemas.of(kind.stringValue())
                : kind.has("fields")
                        ? object(JSON.createObjectNode(), new ArrayList<>(), kind.get("fields"))
                        : kind.has("closed")
                                ? object(JSON.createObjectNode(), new ArrayList<>(), kind.get("closed"))
                                        .put("additionalProperties", false)
                                : (ObjectNode) kind;
    }

    /** Adds fields to the members of an object; a name with a question mark may be absent. */
    private ObjectNode object(ObjectNode members, List<String> required, JsonNode fields) {
        fields.forEachEntry((name, kind) -> {
            String member = name.replace("?", "");
            members.set(member, schema(kind));
            if (name.equals(member)) {
                required.add(member);
            }
        });
        return Schemas.object(members, required);
    }

    private ObjectNode content(ObjectNode kinds, @Nullable Type answered) {
        ObjectNode content = JSON.createObjectNode();
        kinds.forEachEntry((mediaType, kind) -> content.putObject(mediaType)
                .set(
                        "schema",
                        kind.asString("").equals("answered")
                                ? schemas.of(Objects.requireNonNull(answered))
                                : schema(kind)));
        return content;
    }

    private ObjectNode answer(String description, Stream<String> headers) {
        ObjectNode answer = JSON.createObjectNode().put("description", description);
        ObjectNode all = JSON.createObjectNode();
        Stream.concat(headers, own.path("everywhere").valueStream().map(JsonNode::stringValue))
                .forEach(header -> all.set(header, reference("headers", header)));
        if (!all.isEmpty()) {
            answer.set("headers", all);
        }
        return answer;
    }

    /** The values of a list, and of lists in it. */
    private static Stream<JsonNode> flat(JsonNode list) {
        return list.valueStream().flatMap(each -> each.isArray() ? each.valueStream() : Stream.of(each));
    }

    /** The problems of an operation by their status, and those that any operation may answer. */
    private ObjectNode problems(JsonNode names) {
        Map<Integer, List<ProblemType>> byStatus = Stream.concat(
                        flat(names).map(name -> ProblemType.of(name.stringValue())),
                        Stream.of(ProblemType.OVERLOADED, ProblemType.HTTP))
                .collect(Collectors.groupingBy(ProblemType::status, TreeMap::new, Collectors.toList()));
        ObjectNode responses = JSON.createObjectNode();
        byStatus.forEach((status, types) -> {
            String name = types.stream().map(ProblemType::slug).collect(Collectors.joining("-or-"));
            components.withObject("/responses").set(name, problem(types));
            responses.set(Integer.toString(status), reference("responses", name));
        });
        components
                .withObject("/responses/problem")
                .setAll(answer(common.required("otherwise").stringValue(), Stream.of()))
                .withObject("/content")
                .putObject(PROBLEM_JSON)
                .set("schema", schemas.of("Problem"));
        responses.set("default", reference("responses", "problem"));
        return responses;
    }

    private ObjectNode problem(List<ProblemType> types) {
        ObjectNode body = JSON.createObjectNode();
        Map<String, String> names = new LinkedHashMap<>();
        types.forEach(type -> names.put(type.path(), problem(type)));
        body.putObject("schema")
                .putArray("anyOf")
                .add(names.size() == 1 ? schemas.of(names.values().iterator().next()) : schemas.oneOf("type", names))
                .add(schemas.of("OtherProblem"));
        types.forEach(type -> examples.valueStream()
                .filter(exchange -> exchange.at("/answer/type").asString("").equals(type.path()))
                .findFirst()
                .ifPresent(exchange ->
                        body.withObject("/examples").putObject(type.slug()).set("value", exchange.get("answer"))));
        ObjectNode response = answer(
                types.stream()
                        .map(type -> "`" + type.slug() + "`: " + type.meaning())
                        .collect(Collectors.joining("\n\n")),
                types.stream().flatMap(type -> type.headers().stream()));
        response.putObject("content").set(PROBLEM_JSON, body);
        return response;
    }

    /** The open end of each union of problems. */
    private ObjectNode otherProblem() {
        ObjectNode other = (ObjectNode) common.required("problem").deepCopy();
        other.put("description", "A problem of a type that this document does not have.");
        ArrayNode known = other.withObject("/properties/type/not").putArray("enum");
        for (ProblemType type : ProblemType.values()) {
            known.add(type.path());
        }
        return other;
    }

    /** Adds the schema of a type, and returns its name. */
    private String problem(ProblemType type) {
        ObjectNode members = (ObjectNode) common.at("/problem/properties").deepCopy();
        members.set("type", Schemas.constant(type.path()));
        members.set("status", JSON.createObjectNode().put("type", "integer").put("const", type.status()));
        JsonNode more = (own.at("/members").has(type.slug()) ? own : common)
                .path("members")
                .path(type.slug());
        String name =
                Stream.of(type.slug().split("-")).map(StringUtils::capitalize).collect(Collectors.joining());
        schemas.add("Problem" + name, object(members, new ArrayList<>(members.propertyNames()), more));
        return "Problem" + name;
    }

    /** Two exchanges at most with each media type. */
    private void addExamples(String key, ObjectNode operation) {
        for (JsonNode exchange : examples) {
            if (exchange.get("operation").stringValue().equals(key)
                    && !exchange.get("type").stringValue().equals(PROBLEM_JSON)) {
                JsonNode sent = exchange.path("headers").path("Content-Type");
                add(operation.at("/requestBody/content"), sent.asString("application/json"), exchange.get("body"));
                add(
                        operation
                                .path("responses")
                                .path(exchange.get("status").asString())
                                .path("content"),
                        exchange.get("type").stringValue(),
                        exchange.get("answer"));
            }
        }
    }

    private static void add(JsonNode content, String type, JsonNode value) {
        if (content.get(type) instanceof ObjectNode body && !value.isNull()) {
            ObjectNode known = body.withObject("/examples");
            if (known.size() < 2) {
                known.putObject(known.isEmpty() ? "one" : "another").set("value", value);
            }
        }
    }

    /** The components that the paths refer to, and those that these refer to, by their names. */
    private ObjectNode used(ObjectNode paths) {
        Map<String, Map<String, JsonNode>> found = new TreeMap<>();
        collect(paths, found, new HashSet<>());
        return JSON.valueToTree(found);
    }

    private void collect(JsonNode part, Map<String, Map<String, JsonNode>> found, Set<String> seen) {
        Matcher references = REFERENCE.matcher(part.toString());
        while (references.find()) {
            if (seen.add(references.group())) {
                JsonNode component = components.required(references.group(1)).required(references.group(2));
                found.computeIfAbsent(references.group(1), kind -> new TreeMap<>())
                        .put(references.group(2), component);
                collect(component, found, seen);
            }
        }
    }
}
