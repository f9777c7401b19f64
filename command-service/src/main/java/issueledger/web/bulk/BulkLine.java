package issueledger.web.bulk;

import issueledger.events.Checks;
import issueledger.events.InvalidValue.Offence;
import issueledger.http.Problem;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.web.Binder;
import issueledger.web.CommandHeaders;
import issueledger.web.CommandRequest;
import issueledger.web.JsonBody;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A line of a bulk request: {@code {"command":"record-note","issueId":"…","idempotencyKey":"…","ifMatch":"7","body":{…}}}. Its own
 * members are pointed at from the line, the fields of its body from the body.
 */
final class BulkLine {
    private static final String OPENING = IssueCommand.nameOf(OpenIssue.class);
    private static final String IF_MATCH = "must be a version as a string, like \"7\", or \"*\"";
    private static final Set<String> MEMBERS = Set.of("command", "issueId", "idempotencyKey", "ifMatch", "body");

    private final ObjectNode line;
    private final List<Offence> shape = new ArrayList<>();
    private final List<Offence> values = new ArrayList<>();

    private BulkLine(ObjectNode line) {
        this.line = line;
    }

    /**
     * Only what is JSON at all is looked at here.
     *
     * @throws Problem where it is none
     */
    static BulkLine parse(byte[] bytes) {
        try {
            return new BulkLine(JsonBody.parse(bytes));
        } catch (Problem e) {
            throw ofTheLine(e);
        }
    }

    /** A body's problem, worded for a line. */
    private static Problem ofTheLine(Problem body) {
        Problem problem = Problem.malformed(ofTheLine(body.detail().replaceFirst("^The body", "The line")));
        if (body.members().get("errors") instanceof List<?> errors
                && errors.get(0) instanceof Map<?, ?> error
                && error.get("pointer") instanceof String pointer
                && error.get("detail") instanceof String detail) {
            String from = pointer.startsWith("/body/") ? pointer.substring("/body".length()) : pointer;
            problem.at("pointer", from, ofTheLine(detail));
        }
        return problem;
    }

    private static String ofTheLine(String detail) {
        return detail.replaceFirst("at line 1, column", "at column");
    }

    /** The command's name as it was sent, null where it is none. */
    @Nullable
    String command() {
        return text(line, "command");
    }

    /** The issue's id as it was sent, be it in the body. */
    @Nullable
    String issueId() {
        String id = text(line, "issueId");
        return id == null && OPENING.equals(command()) ? text(line.get("body"), "id") : id;
    }

    @Nullable
    String idempotencyKey() {
        return text(line, "idempotencyKey");
    }

    /** Keys of this line; it starts after all earlier lines with any of these keys. */
    Set<String> after() {
        Set<String> after = new HashSet<>();
        add(after, "issue ", issueId());
        add(after, "issue ", text(line.get("body"), "duplicateOf"));
        add(after, "key ", idempotencyKey());
        return after;
    }

    private static void add(Set<String> after, String kind, @Nullable String name) {
        if (name != null) {
            after.add(kind + name);
        }
    }

    private static @Nullable String text(@Nullable JsonNode object, String member) {
        JsonNode value = object == null ? null : object.get(member);
        return value != null && value.isString() ? value.stringValue() : null;
    }

    /**
     * Its command.
     *
     * @throws Problem 400 or 422 with all that is wrong with the line and its body
     */
    CommandRequest read(CommandHeaders request, Instant now) {
        String command = optional("command", "must be a string");
        line.propertyNames().forEach(name -> {
            if (!MEMBERS.contains(name)) {
                offend(shape, "/" + name.replace("~", "~0").replace("/", "~1"), "is not a member of a line");
            }
        });
        if (command == null && isAbsent("command")) {
            offend(values, "/command", "is required");
        }
        String key = optional("idempotencyKey", "must be a string");
        if (key != null && !CommandHeaders.isKey(key)) {
            offend(shape, "/idempotencyKey", "must be 1 to 128 visible ASCII characters");
        }
        Long ifMatch = ifMatch();
        ObjectNode body = body();
        String sentId = issueId(command, body);
        Binder.Bound bound = command == null ? null : bound(command, body, now);
        Binder.refuse(shape, values);
        return CommandRequest.of(
                String.valueOf(command), sentId, body, Objects.requireNonNull(bound), request.with(key, ifMatch));
    }

    private @Nullable Long ifMatch() {
        String given = optional("ifMatch", IF_MATCH);
        if (given == null || given.equals("*")) {
            return null;
        }
        if (!CommandHeaders.isVersion(given)) {
            offend(shape, "/ifMatch", IF_MATCH);
            return null;
        }
        return CommandHeaders.version(given);
    }

    private boolean isAbsent(String member) {
        JsonNode value = line.get(member);
        return value == null || value.isNull();
    }

    private @Nullable String optional(String member, String otherwise) {
        String value = text(line, member);
        if (value == null && !isAbsent(member)) {
            offend(shape, "/" + member, otherwise);
        }
        return value;
    }

    private ObjectNode body() {
        if (line.get("body") instanceof ObjectNode given) {
            return given;
        }
        if (!isAbsent("body")) {
            offend(shape, "/body", "must be a JSON object");
        }
        return line.objectNode();
    }

    private @Nullable String issueId(@Nullable String command, ObjectNode body) {
        String id = optional("issueId", "must be a string");
        boolean opening = OPENING.equals(command);
        if (id == null && isAbsent("issueId") && command != null && !opening) {
            offend(values, "/issueId", "is required");
        }
        if (id != null && !Checks.isIssueId(id)) {
            offend(values, "/issueId", Checks.MUST_BE_ISSUE_ID);
            return id;
        }
        String inBody = opening ? text(body, "id") : null;
        if (id != null && inBody != null && !id.equals(inBody)) {
            offend(values, "/issueId", "differs from the id in the body");
        }
        if (id != null && opening && !body.hasNonNull("id")) {
            body.put("id", id);
        }
        return inBody == null ? id : inBody;
    }

    private Binder.@Nullable Bound bound(String command, ObjectNode body, Instant now) {
        try {
            return Binder.bind(CommandRequest.typeOf(command), body, now);
        } catch (Problem e) {
            for (Object offence : (List<?>) Objects.requireNonNull(e.members().get("errors"))) {
                (e.status() == 422 ? values : shape).add((Offence) offence);
            }
            return null;
        }
    }

    private static void offend(List<Offence> offences, String pointer, String detail) {
        offences.add(new Offence(Binder.printable(pointer), detail));
    }
}
