package issueledger.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import issueledger.system.Ledger.Answer;
import java.net.URLDecoder;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A service's OpenAPI document, which real requests and answers are held against: a request that was accepted must be one that the document
 * allows, and every answer must be one that it tells of.
 */
final class Contract {
    private static final JsonMapper JSON = new JsonMapper();
    private static final SchemaRegistry SCHEMAS = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final Map<Integer, Contract> HELD = new ConcurrentHashMap<>();

    /** Headers of the product's own; one that comes must be told of. */
    private static final Set<String> TOLD = Set.of(
            "etag",
            "location",
            "ledger-position",
            "ledger-parked",
            "idempotent-replayed",
            "retry-after",
            "www-authenticate");

    private final JsonNode document;
    private final Map<JsonNode, Schema> schemas = new ConcurrentHashMap<>();
    private final AtomicInteger checked = new AtomicInteger();

    Contract(JsonNode document) {
        this.document = document;
    }

    static void hold(int port) {
        HELD.put(port, new Contract(Ledger.get(port, "/v3/api-docs").json()));
    }

    /** How many answers of this port were checked. */
    static int checked(int port) {
        return HELD.get(port).checked.get();
    }

    /** Does nothing where the port's service is not held to its document. */
    static void check(HttpRequest request, String body, Answer answer) {
        Contract contract = HELD.get(request.uri().getPort());
        if (contract != null) {
            contract.checked.incrementAndGet();
            assertThat(contract.offences(request, body, answer))
                    .as("%s: %d %s", request, answer.status(), answer.text())
                    .isEmpty();
        }
    }

    /** Parts of the exchange that the document does not describe. */
    List<String> offences(HttpRequest request, String body, Answer answer) {
        JsonNode operation = operation(request.method(), request.uri().getRawPath());
        List<String> offences = new ArrayList<>();
        if (operation == null) {
            // A path or method that there is not.
            return answer.status() < 400
                    ? List.of("there is no such operation")
                    : offences("the answer", document.at("/components/schemas/Problem"), JSON.readTree(answer.text()));
        }
        if (answer.status() < 300) {
            parameters(operation, request, offences);
            requestBody(operation, request.headers(), body, offences);
        }
        JsonNode responses = operation.get("responses");
        JsonNode told = responses.get(Integer.toString(answer.status()));
        answer(resolved(told == null ? responses.path("default") : told), answer, offences);
        return offences;
    }

    private @Nullable JsonNode operation(String method, String path) {
        JsonNode paths = document.get("paths");
        JsonNode literal = paths.get(path);
        String template = literal != null
                ? path
                : paths.propertyNames().stream()
                        .filter(name -> path.matches(name.replaceAll("\\{\\w+}", "[^/]+")))
                        .findFirst()
                        .orElse("");
        return paths.path(template).get(method.toLowerCase(java.util.Locale.ROOT));
    }

    private void parameters(JsonNode operation, HttpRequest request, List<String> offences) {
        List<JsonNode> told =
                operation.path("parameters").valueStream().map(this::resolved).toList();
        String query = request.uri().getRawQuery();
        for (String pair : query == null ? new String[0] : query.split("&")) {
            String name = pair.split("=", 2)[0];
            String value = URLDecoder.decode(pair.split("=", 2)[1], StandardCharsets.UTF_8);
            offences.addAll(told.stream()
                    .filter(p -> p.get("in").stringValue().equals("query")
                            && p.get("name").stringValue().equals(name))
                    .findFirst()
                    .map(p -> offences("the parameter " + name, p.get("schema"), value(p.get("schema"), value)))
                    .orElse(List.of("there is no parameter " + name)));
        }
        told.stream().filter(p -> p.get("in").stringValue().equals("header")).forEach(p -> {
            String name = p.get("name").stringValue();
            request.headers()
                    .firstValue(name)
                    .ifPresent(value -> offences.addAll(
                            offences("the header " + name, p.get("schema"), value(p.get("schema"), value))));
        });
    }

    /** Of the type that the schema wants, where it is one. */
    private static JsonNode value(JsonNode schema, String text) {
        String type = schema.path("type").asString();
        return (type.equals("integer") && text.matches("-?\\d+"))
                        || (type.equals("boolean") && text.matches("true|false"))
                ? JSON.readTree(text)
                : JSON.valueToTree(text);
    }

    private void requestBody(JsonNode operation, HttpHeaders headers, String body, List<String> offences) {
        JsonNode told = operation.path("requestBody");
        if (body.isEmpty()) {
            if (told.path("required").asBoolean(false)) {
                offences.add("the request has no body");
            }
            return;
        }
        String type = mediaType(headers.firstValue("Content-Type").orElse(""));
        JsonNode schema = told.path("content").path(type).get("schema");
        if (schema == null) {
            offences.add("no request body is " + type);
        } else {
            body("the request's body", schema, type, body, offences);
        }
    }

    private void answer(JsonNode told, Answer answer, List<String> offences) {
        if (told.isMissingNode()) {
            offences.add("the status " + answer.status() + " is not told of");
            return;
        }
        told.path("headers")
                .forEachEntry((name, header) -> answer.headers()
                        .firstValue(name)
                        .ifPresent(value -> {
                            JsonNode schema = resolved(header).get("schema");
                            offences.addAll(offences("the header " + name, schema, value(schema, value)));
                        }));
        Set<String> names = new java.util.TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.addAll(told.path("headers").propertyNames());
        answer.headers().map().keySet().stream()
                .filter(name -> TOLD.contains(name) && !names.contains(name))
                .forEach(name -> offences.add("the header " + name + " is not told of"));
        if (answer.text().isEmpty()) {
            return;
        }
        String type = mediaType(answer.header("Content-Type"));
        JsonNode schema = told.path("content").path(type).get("schema");
        if (schema == null) {
            offences.add("no answer of status " + answer.status() + " is " + type);
        } else {
            body("the answer", schema, type, answer.text(), offences);
        }
    }

    private void body(String what, JsonNode schema, String type, String body, List<String> offences) {
        if (type.equals("application/x-ndjson")) {
            Arrays.stream(body.split("\n"))
                    .filter(line -> !line.isBlank())
                    .forEach(line -> offences.addAll(
                            offences("a line of " + what, schema.at("/anyOf/1/items"), JSON.readTree(line))));
        } else if (type.matches(".*[/+]json")) {
            offences.addAll(offences(what, schema, JSON.readTree(body)));
        } else {
            offences.addAll(offences(what, schema, JSON.valueToTree(body)));
        }
    }

    private static String mediaType(String contentType) {
        return contentType.split(";")[0].strip();
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").stringValue().substring(1)) : node;
    }

    private List<String> offences(String what, JsonNode schema, JsonNode value) {
        List<Error> errors = schemas.computeIfAbsent(schema, this::compiled)
                .validate(value, context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
        return errors.stream().map(error -> what + ": " + error).toList();
    }

    /** Allows no member beyond those that the document has: a client takes others, which this version does not write. */
    private static void close(JsonNode schema) {
        if (schema.path("properties").isObject()
                && schema.path("type").asString("").equals("object")) {
            ((ObjectNode) schema)
                    .putIfAbsent("additionalProperties", JSON.getNodeFactory().booleanNode(false));
        }
        schema.values().forEach(Contract::close);
    }

    /** With the components beside it, which it may refer to. */
    private Schema compiled(JsonNode schema) {
        ObjectNode whole = ((ObjectNode) schema).deepCopy();
        whole.set("components", document.get("components").deepCopy());
        close(whole);
        return SCHEMAS.getSchema(whole);
    }
}
