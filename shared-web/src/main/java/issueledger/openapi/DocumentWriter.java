package issueledger.openapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.PathItem.HttpMethod;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import issueledger.openapi.Examples.Exchange;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.OpenApiCustomizer;

/**
 * Makes the document of the paths that springdoc found and of what the service says of them. The same service writes the same document,
 * always. An operation that the service says nothing of stays as springdoc made it; a test names it.
 */
final class DocumentWriter implements OpenApiCustomizer {
    private static final Pattern REFERENCE = Pattern.compile("#/components/(\\w+)/([\\w.-]+)");
    private static final String BEARER = "bearer";

    private final ServiceDocument document;
    private final String version;
    private final Map<String, Type> answered;
    private final Examples examples = Examples.load();

    DocumentWriter(ServiceDocument document, String version, Map<String, Type> answered) {
        this.document = document;
        this.version = version;
        this.answered = answered;
    }

    @Override
    public void customise(OpenAPI openApi) {
        Shapes shapes = new Shapes(answered);
        Answers answers = new Answers(examples);
        Map<String, Operation> described = new LinkedHashMap<>(document.operations(shapes, answers));
        Common.operations(answers).forEach(described::putIfAbsent);

        Map<String, PathItem> paths = new TreeMap<>();
        openApi.getPaths().forEach((mapping, item) -> {
            if (!Common.INTERNAL.contains(mapping)) {
                document.paths(mapping).forEach(path -> paths.put(path, described(path, mapping, item, described)));
            }
        });
        Common.PATHS_OF_ACTUATOR.forEach(path -> paths.put(path, described(path, path, null, described)));

        Paths all = new Paths();
        all.putAll(paths);
        openApi.setPaths(all);
        openApi.info(new Info()
                .title(document.title())
                .description(document.description())
                .version(version)
                .license(new License().name("Apache-2.0").identifier("Apache-2.0")));
        openApi.setServers(List.of(new Server().url("/").description("This service")));
        List<Tag> tags = new ArrayList<>(document.tags());
        tags.add(Common.TAG);
        openApi.setTags(tags);
        openApi.setSecurity(List.of(new SecurityRequirement(), new SecurityRequirement().addList(BEARER)));
        Components components = answers.components();
        shapes.schemas().forEach(components::addSchemas);
        openApi.setComponents(components);
        openApi.setComponents(used(openApi)
                .addSecuritySchemes(
                        BEARER,
                        new SecurityScheme()
                                .type(SecurityScheme.Type.HTTP)
                                .scheme("bearer")
                                .bearerFormat("JWT")
                                .description("Needed where a token issuer is configured.")));
    }

    private PathItem described(
            String path, String mapping, @Nullable PathItem found, Map<String, Operation> described) {
        PathItem item = new PathItem();
        Set<HttpMethod> methods = found == null
                ? Set.of(HttpMethod.GET)
                : found.readOperationsMap().keySet();
        for (HttpMethod method : methods) {
            String key = method + " " + path;
            Operation operation = described.get(key);
            if (operation != null) {
                addExamples(operation, examples.of(key));
                item.operation(method, operation);
            } else if (found != null && mapping.equals(path)) {
                item.operation(method, found.readOperationsMap().get(method));
            }
        }
        return item;
    }

    private static void addExamples(Operation operation, List<Exchange> exchanges) {
        for (Exchange exchange : exchanges) {
            if (exchange.isProblem()) {
                continue;
            }
            if (operation.getRequestBody() != null && exchange.request() != null) {
                add(operation.getRequestBody().getContent(), exchange.requestType(), exchange.request());
            }
            ApiResponses responses = operation.getResponses();
            ApiResponse response = responses.get(Integer.toString(exchange.status()));
            if (response != null && response.getContent() != null) {
                add(response.getContent(), exchange.type(), exchange.answer());
            }
        }
    }

    private static void add(Content content, String type, JsonNode value) {
        MediaType body = content.get(type);
        if (body != null && (body.getExamples() == null || body.getExamples().size() < 2)) {
            String name = body.getExamples() == null ? "one" : "another";
            body.addExamples(name, new Example().value(value));
        }
    }

    /** The components that the paths refer to, and those that these refer to. */
    private static Components used(OpenAPI openApi) {
        Components all = openApi.getComponents();
        Set<String> found = new HashSet<>();
        collect(openApi.getPaths(), all, found);
        Components used = new Components();
        sorted(all.getSchemas(), "schemas", found).forEach(used::addSchemas);
        sorted(all.getResponses(), "responses", found).forEach(used::addResponses);
        sorted(all.getParameters(), "parameters", found).forEach(used::addParameters);
        sorted(all.getHeaders(), "headers", found).forEach(used::addHeaders);
        return used;
    }

    private static void collect(@Nullable Object part, Components all, Set<String> found) {
        Matcher references;
        try {
            references = REFERENCE.matcher(Json31.mapper().writeValueAsString(part));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the document cannot be written", e);
        }
        while (references.find()) {
            if (found.add(references.group(1) + "/" + references.group(2))) {
                collect(component(all, references.group(1)).get(references.group(2)), all, found);
            }
        }
    }

    private static Map<String, ?> component(Components all, String kind) {
        return switch (kind) {
            case "schemas" -> all.getSchemas();
            case "responses" -> all.getResponses();
            case "parameters" -> all.getParameters();
            case "headers" -> all.getHeaders();
            default -> throw new IllegalStateException("no components are " + kind);
        };
    }

    private static <T> Map<String, T> sorted(@Nullable Map<String, T> all, String kind, Set<String> found) {
        Map<String, T> sorted = new TreeMap<>();
        if (all != null) {
            all.forEach((name, component) -> {
                if (found.contains(kind + "/" + name)) {
                    sorted.put(name, component);
                }
            });
        }
        return sorted;
    }
}
