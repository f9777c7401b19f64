package issueledger.openapi;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import issueledger.log.Unavailable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What operations take and answer beside their bodies: problems, headers, parameters; each is described once. */
public final class Answers {
    static final String PROBLEM_JSON = "application/problem+json";

    private static final Schema<?> STRING = Schemas.string();

    private final Examples examples;
    private final Components components = new Components();
    private final Map<String, ProblemType> types = new LinkedHashMap<>();
    private final List<String> everywhere = new ArrayList<>();

    /**
     * A kind of problem.
     *
     * @param members beyond those that every problem has
     * @param optional those of them that may be absent
     */
    private record ProblemType(
            String name,
            int status,
            String meaning,
            Map<String, Schema<?>> members,
            List<String> optional,
            List<String> headers) {}

    Answers(Examples examples) {
        this.examples = examples;
        Schema<?> pointed = Schemas.listOf(Schemas.object(
                members("pointer", STRING, "line", Schemas.integer(), "parameter", STRING, "detail", STRING),
                List.of("detail")));
        type(
                        400,
                        "malformed",
                        "Not JSON, of a wrong type, an unknown field or query parameter, a header of another form.")
                .members()
                .put("errors", pointed);
        optional("malformed", "errors");
        type(401, "unauthenticated", "No bearer token, or one that is not good here.")
                .headers()
                .add("WWW-Authenticate");
        type(403, "forbidden", "The token's roles do not allow it, or a web page of another host sent it.");
        type(404, "unknown-issue", "No issue has this id.");
        type(404, "unknown-version", "The issue had no such version, or did not exist yet.");
        type(404, "unknown-command", "There is no such command.");
        type(404, "not-found", "Nothing has this path.");
        type(406, "not-acceptable", "No answer has a type that Accept allows.");
        type(409, "conflict", "Other writers were faster, again and again: send it again.");
        type(409, "rejected", "A rule refuses the command.");
        type(412, "version-mismatch", "The issue is not at the version of If-Match.")
                .members()
                .put("currentVersion", Schemas.integer());
        type(413, "too-large", "A body may have 1 MiB.");
        type(415, "unsupported-media-type", "The body's type is not taken here.")
                .headers()
                .add("Accept");
        type(422, "invalid", "Well-formed, with values that are not of their kind; all of them are told.")
                .members()
                .put("errors", Schemas.listOf(Schemas.object(members("pointer", STRING, "detail", STRING))));
        type(422, "idempotency-mismatch", "The key was used for another command, issue or body.");
        ProblemType away = type(503, "log-unavailable", "The event log is not available now.");
        away.members().put("outcome", Schemas.oneOf(Unavailable.Outcome.class));
        away.headers().add("Retry-After");
        type(503, "overloaded", "More requests come than the service can answer in time; nothing was done.")
                .headers()
                .add("Retry-After");
        ProblemType notYet = type(503, "not-yet", "The views do not hold that position yet.");
        notYet.members().put("position", Schemas.count());
        notYet.headers().add("Retry-After");
        ProblemType parked = type(503, "parked", "The issue has an event that cannot be read.");
        parked.headers().addAll(List.of("Retry-After", "Ledger-Parked"));
        type(503, "http", "Where tokens are asked for: the issuer's keys cannot be fetched now.")
                .headers()
                .add("Retry-After");

        shared(header(
                "Prefer",
                STRING,
                "`wait=N`: how many seconds the request may wait for its turn when the service is busy; 2 unless told,"
                        + " at most 10.",
                false));
        header("Accept", STRING, "The media types that are taken.");
        header("WWW-Authenticate", STRING, "Bearer, and what is wrong with the token.");
        header("Retry-After", Schemas.count(), "When to try again, in seconds.");
        header("Ledger-Parked", Schemas.count(), "The position of the issue's first event that cannot be read.");
        header("ETag", Schemas.string().pattern("^\"\\d+(-md)?\"$"), "The issue's version: its number of events.");
        header(
                "Ledger-Position",
                Schemas.count(),
                "A position in the log: of the last event that the answer knows of.");
        header("Location", Schemas.string().format("uri-reference"), "Where it can be read.");
        header("Vary", STRING, "The request headers that the answer depends on.");
        header("Content-Disposition", STRING, "The document's file name.");
        header(
                "Idempotent-Replayed",
                Schemas.oneOf(List.of("true")),
                "This is the answer that an earlier request with the key got.");
    }

    private ProblemType type(int status, String name, String meaning) {
        ProblemType type =
                new ProblemType(name, status, meaning, new LinkedHashMap<>(), new ArrayList<>(), new ArrayList<>());
        types.put(name, type);
        return type;
    }

    private void optional(String problem, String member) {
        typeOf(problem).optional().add(member);
    }

    /** A member that this service's problems of a kind have. */
    public void member(String problem, String member, Schema<?> schema, boolean always) {
        typeOf(problem).members().put(member, schema);
        if (!always) {
            optional(problem, member);
        }
    }

    private ProblemType typeOf(String problem) {
        ProblemType type = types.get(problem);
        if (type == null) {
            throw new IllegalStateException("there is no problem " + problem);
        }
        return type;
    }

    /** A header that every answer of this service has. */
    public void everywhere(String header) {
        everywhere.add(header);
    }

    public void header(String name, Schema<?> schema, String description) {
        components.addHeaders(name, new Header().schema(schema).description(description));
    }

    /** Members in this order, each a name and its schema. */
    public static Map<String, Schema<?>> members(Object... namesAndSchemas) {
        Map<String, Schema<?>> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndSchemas.length; i += 2) {
            members.put((String) namesAndSchemas[i], (Schema<?>) namesAndSchemas[i + 1]);
        }
        return members;
    }

    /** A parameter that several operations have; refer to it with {@link #parameter}. */
    public void shared(Parameter parameter) {
        components.addParameters(parameter.getName(), parameter);
    }

    public static Parameter parameter(String name) {
        return new Parameter().$ref("#/components/parameters/" + name);
    }

    public static Parameter path(String name, Schema<?> schema, String description) {
        return in("path", name, schema, description).required(true);
    }

    public static Parameter query(String name, Schema<?> schema, String description) {
        return in("query", name, schema, description);
    }

    public static Parameter header(String name, Schema<?> schema, String description, boolean required) {
        return in("header", name, schema, description).required(required);
    }

    private static Parameter in(String in, String name, Schema<?> schema, String description) {
        return new Parameter().in(in).name(name).schema(schema).description(description);
    }

    /** A successful answer with a body. */
    public ApiResponse answer(String description, String mediaType, Schema<?> schema, String... headers) {
        return answer(description, headers)
                .content(new Content().addMediaType(mediaType, new MediaType().schema(schema)));
    }

    /** One without a body. */
    public ApiResponse answer(String description, String... headers) {
        ApiResponse response = new ApiResponse().description(description);
        for (String header : headers) {
            response.addHeaderObject(header, reference(header));
        }
        everywhere.forEach(header -> response.addHeaderObject(header, reference(header)));
        return response;
    }

    private static Header reference(String header) {
        return new Header().$ref("#/components/headers/" + header);
    }

    /** Lines of JSON, one item each. */
    public static Schema<?> lines(Schema<?> item) {
        Schema<?> lines = Schemas.string().description("One item a line.");
        lines.addExtension("x-line", item);
        return lines;
    }

    /** Adds the problems that an operation answers, and the rest that any may answer. */
    public Operation withProblems(Operation operation, String... names) {
        Map<Integer, List<ProblemType>> byStatus = new TreeMap<>();
        for (String name : names) {
            ProblemType type = typeOf(name);
            byStatus.computeIfAbsent(type.status(), s -> new ArrayList<>()).add(type);
        }
        byStatus.computeIfAbsent(503, status -> new ArrayList<>()).add(typeOf("overloaded"));
        Parameter prefer = parameter("Prefer");
        if (operation.getParameters() == null || !operation.getParameters().contains(prefer)) {
            operation.addParametersItem(prefer);
        }
        byStatus.computeIfPresent(
                503,
                (status, of) ->
                        Stream.concat(of.stream(), Stream.of(typeOf("http"))).toList());
        ApiResponses responses = operation.getResponses();
        byStatus.forEach((status, of) -> {
            String component =
                    String.join("-or-", of.stream().map(ProblemType::name).toList());
            if (components.getResponses() == null || !components.getResponses().containsKey(component)) {
                components.addResponses(component, response(of));
            }
            responses.addApiResponse(
                    Integer.toString(status), new ApiResponse().$ref("#/components/responses/" + component));
        });
        components.addResponses("problem", other());
        responses.addApiResponse("default", new ApiResponse().$ref("#/components/responses/problem"));
        return operation;
    }

    private ApiResponse response(List<ProblemType> of) {
        Schema<?> schema = of.size() == 1
                ? schema(of.get(0))
                : new JsonSchema()
                        .oneOf(List.copyOf(of.stream().map(this::schema).toList()));
        MediaType body = new MediaType().schema(schema);
        ApiResponse response = answer(String.join(
                "\n\n",
                of.stream()
                        .map(type -> "`" + type.name() + "`: " + type.meaning())
                        .toList()));
        for (ProblemType type : of) {
            Object example = examples.problem(type.name());
            if (example != null) {
                body.addExamples(type.name(), new Example().value(example));
            }
            type.headers().forEach(header -> response.addHeaderObject(header, reference(header)));
        }
        return response.content(new Content().addMediaType(PROBLEM_JSON, body));
    }

    /** What the framework or the connector refuses. */
    private ApiResponse other() {
        Map<String, Schema<?>> members = base(Schemas.string().pattern("^/problems/[a-z-]+$"), Schemas.integer());
        Schema<?> schema = Schemas.object(members);
        schema.setAdditionalProperties(null);
        components.addSchemas("Problem", schema);
        return answer("Any other status, such as 404 `unknown-command` for a path that names none and 405 for a"
                        + " method that the path does not have: `http` or what its name says.")
                .content(new Content().addMediaType(PROBLEM_JSON, new MediaType().schema(Schemas.ref("Problem"))));
    }

    private Schema<?> schema(ProblemType type) {
        Schema<?> name = Schemas.string();
        name.setConst("/problems/" + type.name());
        Schema<?> status = Schemas.of("integer");
        status.setConst(type.status());
        Map<String, Schema<?>> members = base(name, status);
        List<String> required = new ArrayList<>(members.keySet());
        type.members().forEach((member, schema) -> {
            members.put(member, schema);
            if (!type.optional().contains(member)) {
                required.add(member);
            }
        });
        String component = schemaName(type.name());
        components.addSchemas(component, Schemas.object(members, required));
        return Schemas.ref(component);
    }

    private static String schemaName(String problem) {
        StringBuilder name = new StringBuilder("Problem");
        for (String word : problem.split("-")) {
            name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
        }
        return name.toString();
    }

    private static Map<String, Schema<?>> base(Schema<?> type, Schema<?> status) {
        return members(
                "type", type,
                "title", Schemas.string(),
                "status", status,
                "detail", Schemas.string(),
                "instance", Schemas.string().description("The path."),
                "traceId", Schemas.string().pattern("^[0-9a-f]{32}$"));
    }

    Components components() {
        return components;
    }
}
