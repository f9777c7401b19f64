package issueledger.openapi;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What both services answer alike. */
final class Common {
    static final Tag TAG =
            new Tag().name("Service").description("The service itself: its health, its document, its problems.");

    /** Those of them that are exposed. Actuator maps them itself, where springdoc does not look. */
    static final List<String> PATHS_OF_ACTUATOR = List.of(
            "/actuator/health",
            "/actuator/health/liveness",
            "/actuator/health/readiness",
            "/actuator/info",
            "/actuator/prometheus");

    /** Mappings that no client asks for: what the container reports, and what the benchmarks measure against. */
    static final Set<String> INTERNAL = Set.of("/error", "/bench/constant");

    private static final String JSON = "application/json";
    private static final String ACTUATOR_JSON = "application/vnd.spring-boot.actuator.v3+json";

    /** What nobody needs a token for. */
    private static final List<SecurityRequirement> NO_TOKEN = List.of(new SecurityRequirement());

    private Common() {}

    static Map<String, Operation> operations(Answers answers) {
        Map<String, Operation> operations = new LinkedHashMap<>();
        operations.put("GET /v3/api-docs", get("document", "This document", anyObject(), JSON, answers));
        operations.put(
                "GET /v3/api-docs.yaml",
                get("documentAsYaml", "This document as YAML", Schemas.string(), "application/yaml", answers));
        operations.put("GET /actuator/health", health("health", "Whether all is well", answers));
        operations.put("GET /actuator/health/liveness", health("liveness", "Whether the process is alive", answers));
        operations.put(
                "GET /actuator/health/readiness", health("readiness", "Whether requests can be answered", answers));
        operations.put(
                "GET /actuator/info",
                get("info", "The build and the Java runtime", anyObject(), ACTUATOR_JSON, answers));
        operations.put(
                "GET /actuator/prometheus",
                get("prometheus", "Its figures for Prometheus", Schemas.string(), "text/plain", answers));
        operations.put("GET /problems", problems("problems", "All types of problems and reason codes", answers));
        operations.put(
                "GET /problems/{name}",
                answers.withProblems(
                        problems("problem", "What a type of problem or a reason code means, and what to do", answers)
                                .security(NO_TOKEN)
                                .addParametersItem(Answers.path(
                                        "name",
                                        Schemas.string(),
                                        "The last part of a problem's type, such as `malformed`, or a reason code.")),
                        "not-found",
                        "not-acceptable"));
        return operations;
    }

    private static Operation get(String id, String summary, Schema<?> schema, String mediaType, Answers answers) {
        return get(id, summary, answers.answer(summary, mediaType, schema), answers);
    }

    private static Operation get(String id, String summary, ApiResponse answer, Answers answers) {
        return answers.withProblems(
                new Operation()
                        .operationId(id)
                        .summary(summary)
                        .addTagsItem(TAG.getName())
                        .responses(new ApiResponses().addApiResponse("200", answer)),
                "malformed",
                "unauthenticated",
                "forbidden",
                "not-acceptable");
    }

    private static Operation problems(String id, String summary, Answers answers) {
        ApiResponse page = answers.answer("For people, or as Markdown", "text/html", Schemas.string(), "Vary");
        page.getContent()
                .addMediaType("text/markdown", new MediaType().schema(Schemas.string()))
                .addMediaType("text/plain", new MediaType().schema(Schemas.string()));
        return get(id, summary, page, answers);
    }

    private static Operation health(String id, String summary, Answers answers) {
        Schema<?> status = Schemas.oneOf(List.of("UP", "DOWN", "OUT_OF_SERVICE", "UNKNOWN"));
        Schema<?> health = Schemas.object(
                Answers.members(
                        "status", status, "components", anyObject(), "groups", Schemas.listOf(Schemas.string())),
                List.of("status"));
        Operation operation = get(id, summary, health, ACTUATOR_JSON, answers).security(NO_TOKEN);
        operation
                .getResponses()
                .addApiResponse(
                        "503",
                        answers.answer("Not now")
                                .content(new Content().addMediaType(ACTUATOR_JSON, new MediaType().schema(health))));
        return operation;
    }

    private static Schema<?> anyObject() {
        return Schemas.of("object");
    }
}
