package issueledger.openapi.queries;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.events.EventJson;
import issueledger.http.StrictParameters;
import issueledger.query.QueryServiceTest;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** The document tells of every path and parameter of the service, with the limits that hold, and of no other. */
class QueryDocumentHttpTest extends QueryServiceTest {
    @Autowired
    private RequestMappingHandlerMapping requestMappingHandlerMapping;

    @Autowired
    private RequestMappingHandlerAdapter adapter;

    private JsonNode document() {
        return query.get("/v3/api-docs").json();
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document().at(node.get("$ref").stringValue().substring(1)) : node;
    }

    @Test
    void it_has_each_mapped_path_with_its_methods_and_parameters_and_no_other() {
        Map<String, Set<String>> mapped = new TreeMap<>();
        requestMappingHandlerMapping.getHandlerMethods().forEach((mapping, handler) -> {
            for (String path : mapping.getPatternValues()) {
                if (!path.equals("/error") && !path.startsWith("/bench/")) {
                    mapping.getMethodsCondition()
                            .getMethods()
                            .forEach(method -> mapped.computeIfAbsent(
                                            method + " " + path.replace("{*", "{"), p -> new TreeSet<>())
                                    .addAll(StrictParameters.parametersOf(handler)));
                }
            }
        });

        Map<String, Set<String>> told = new TreeMap<>();
        document()
                .get("paths")
                .forEachEntry((path, item) -> item.forEachEntry((method, operation) -> {
                    if (!path.startsWith("/actuator/")) {
                        told.put(method.toUpperCase(java.util.Locale.ROOT) + " " + path, parameters(operation));
                    }
                }));
        assertThat(told).isEqualTo(mapped);
    }

    private Set<String> parameters(JsonNode operation) {
        Set<String> names = new TreeSet<>();
        queryParameters(operation)
                .forEach(parameter -> names.add(parameter.get("name").stringValue()));
        return names;
    }

    private List<JsonNode> queryParameters(JsonNode operation) {
        return operation
                .path("parameters")
                .valueStream()
                .map(this::resolved)
                .filter(parameter -> parameter.get("in").stringValue().equals("query"))
                .toList();
    }

    @Test
    void every_operation_says_what_it_does_and_which_problems_it_answers() {
        document()
                .get("paths")
                .forEachEntry((path, item) -> item.forEachEntry((method, operation) -> {
                    assertThat(operation.path("summary").asString(""))
                            .as("%s %s is not described: see document.yaml", method, path)
                            .isNotBlank();
                    assertThat(operation.at("/responses/default/$ref").asString(""))
                            .as("%s %s", method, path)
                            .isEqualTo("#/components/responses/problem");
                }));
    }

    @Test
    void the_values_that_it_allows_are_taken_and_those_beyond_are_refused() {
        int[] tried = new int[1];
        document().get("paths").forEachEntry((path, item) -> {
            for (JsonNode parameter : queryParameters(item.path("get"))) {
                String name = parameter.get("name").stringValue();
                JsonNode schema = parameter.get("schema");
                // An issue that there is not is 404, after its parameters.
                String asked = path.replace("{id}", "no-such-issue").replace("{name}", "issues") + "?" + name + "=";
                good(schema).forEach(value -> {
                    // The stream's answer does not end.
                    String method = path.equals("/events/stream") ? "HEAD" : "GET";
                    assertThat(query.send(method, asked + value).join().status())
                            .as(asked + value)
                            .isIn(200, 404, 422); // So is a forecast from few closed issues, after its parameters.
                    tried[0]++;
                });
                bad(schema).forEach(value -> {
                    query.get(asked + value).isMalformed(name);
                    tried[0]++;
                });
            }
        });
        assertThat(tried[0]).isGreaterThan(60);
    }

    private static Stream<String> good(JsonNode schema) {
        if (schema.has("enum")) {
            return schema.get("enum").valueStream().map(JsonNode::stringValue);
        } else if (schema.path("format").asString("").equals("date-time")) {
            return Stream.of("2026-02-14T09:30:00Z");
        }
        return Stream.of("minimum", "maximum", "default")
                .filter(schema::has)
                .map(limit -> schema.get(limit).asString());
    }

    private static Stream<String> bad(JsonNode schema) {
        if (schema.has("enum")) {
            return Stream.of("no-such", "");
        } else if (schema.path("format").asString("").equals("date-time")) {
            return Stream.of("2026-02-14", "2026-02-14T09:30:00");
        } else if (schema.has("minimum") || schema.has("maximum")) {
            return Stream.concat(
                    Stream.of("1.5", "one", Long.toString(schema.get("minimum").longValue() - 1)),
                    Stream.of("maximum")
                            .filter(schema::has)
                            .map(most -> Long.toString(schema.get(most).longValue() + 1)));
        }
        return schema.has("minLength") ? Stream.of("") : Stream.of();
    }

    @Test
    void the_page_that_shows_it_is_served() {
        assertThat(query.get("/swagger-ui.html").header("Location")).endsWith("/swagger-ui/index.html");
        assertThat(query.get("/swagger-ui/index.html").body()).contains("swagger-initializer.js");
        query.get("/webjars/swagger-ui/index.html").isProblem(404, "not-found");
    }

    @Test
    void what_the_document_is_written_with_writes_nothing_else() {
        assertThat(adapter.getMessageConverters())
                .filteredOn(converter ->
                        converter.getClass().getPackageName().startsWith("org.springframework.http.converter.json"))
                .hasExactlyElementsOfTypes(JacksonJsonHttpMessageConverter.class)
                .allSatisfy(converter -> assertThat(((JacksonJsonHttpMessageConverter) converter).getMapper())
                        .isSameAs(EventJson.MAPPER));
        query.get("/projections", "Accept", "application/yaml").isProblem(406, "not-acceptable");
    }
}
