package issueledger.openapi.commands;

import issueledger.events.Checks;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.IssueEvent.PhasesPlanned;
import issueledger.events.ReferenceKind;
import issueledger.events.Requirement;
import issueledger.events.Resolution;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.CloseIssue;
import issueledger.issue.IssueCommand.DefineTestingStrategy;
import issueledger.issue.IssueCommand.ReviseDescription;
import issueledger.issue.IssueState;
import issueledger.openapi.Schemas;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The schemas of the commands' bodies, made of the commands' records as the binder reads them. {@code document.yaml} has what a record's
 * type does not tell: the kinds of strings. A test holds them against the binder, value by value.
 */
final class CommandBodies {
    private static final Map<String, String> DEFAULTS = Map.of(
            "MetricRecorded.environment",
            MetricRecorded.DEFAULT_ENVIRONMENT,
            "AddReference.kind",
            ReferenceKind.OTHER.name());

    /** Other lists are empty where nothing is given. */
    private static final String REQUIRED_LIST = "PhasesPlanned.phases";

    private final Map<String, String> kinds = new HashMap<>();
    private final Schemas schemas;

    private final CommandTexts texts;

    /** @param fields those of each kind */
    CommandBodies(JsonNode fields, CommandTexts texts, Schemas schemas) {
        this.texts = texts;
        this.schemas = schemas;
        fields.forEachEntry((kind, names) -> {
            for (String field : names.stringValue().split(" ")) {
                kinds.put(field, kind);
            }
        });
        schemas.kind("unit", schemas.of("line").put("maxLength", MetricRecorded.UNIT_LENGTH));
    }

    /** The body of a command, added under the command's name. */
    ObjectNode of(Class<? extends IssueCommand> command) {
        ObjectNode members = Schemas.yaml("{}");
        List<String> required = new ArrayList<>();
        add(command, members, required);
        boolean reasoned = IssueState.needsReason(command, null);
        members.set("reason", schemas.of(reasoned ? "text" : "text?"));
        if (reasoned) {
            required.add("reason");
        }
        members.set("effectiveAt", schemas.of("instant?"));
        explain(members, name -> texts.field(command, name));
        ObjectNode body = Schemas.closed(members, required);
        // What is wrong, and not what is right: a generator of clients takes alternatives for types.
        if (command == ReviseDescription.class) {
            body.setAll(Schemas.yaml("not: {properties: {title: {type: 'null'}, description: {type: 'null'}}}"));
        } else if (command == DefineTestingStrategy.class) {
            body.setAll(Schemas.yaml("not: {properties: {%s}}"
                    .formatted(Stream.of("unitTests", "integrationTests", "performanceTests", "regressionTests")
                            .map(field -> field + ": {maxItems: 0}")
                            .collect(Collectors.joining(", ")))));
        } else if (command == CloseIssue.class) {
            String reasons = Stream.of(Resolution.values())
                    .filter(resolution -> IssueState.needsReason(CloseIssue.class, resolution))
                    .map(Enum::name)
                    .collect(Collectors.joining(", "));
            body.setAll(Schemas.yaml("""
                not:
                  anyOf:
                    - {properties: {resolution: {enum: [DUPLICATE]}, duplicateOf: {type: 'null'}}}
                    - {properties: {resolution: {not: {enum: [DUPLICATE]}}, duplicateOf: {not: {type: 'null'}}}, required: [duplicateOf]}
                    - {properties: {resolution: {enum: [%s]}, reason: {type: 'null'}}}
                """.formatted(reasons)));
        }
        schemas.add(command.getSimpleName(), body);
        return body;
    }

    /** Puts the meaning of each field before what its kind says of itself. */
    private static void explain(ObjectNode members, UnaryOperator<String> meaning) {
        members.forEachEntry((name, member) -> {
            String kind = member.path("description").asString("");
            ((ObjectNode) member).put("description", (meaning.apply(name) + " " + kind).strip());
        });
    }

    private void add(Class<?> type, ObjectNode members, List<String> required) {
        for (RecordComponent component : type.getRecordComponents()) {
            if (IssueEvent.class.isAssignableFrom(component.getType())) {
                add(component.getType(), members, required);
                continue;
            }
            String name = component.getName();
            String field = type.getSimpleName() + "." + name;
            ObjectNode schema = schema(field, component.getGenericType());
            String otherwise = DEFAULTS.get(field);
            if (otherwise != null
                    || (component.getType() == List.class && !field.equals(REQUIRED_LIST))
                    || component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                ObjectNode optional = Schemas.orNull(schema);
                members.set(name, otherwise == null ? optional : optional.put("default", otherwise));
            } else {
                members.set(name, schema);
                required.add(name);
            }
        }
    }

    private ObjectNode schema(String field, Type type) {
        if (type instanceof ParameterizedType list) {
            return list(field, list.getActualTypeArguments()[0]);
        }
        String kind = type == BigDecimal.class ? kinds.getOrDefault(field, "decimal") : kinds.get(field);
        if (kind != null) {
            return schemas.of(kind);
        } else if (type == String.class) {
            throw new IllegalStateException("of which kind is " + field + "?");
        }
        if (!(type instanceof Class<?> record) || !record.isRecord()) {
            return schemas.of(type);
        }
        ObjectNode members = Schemas.yaml("{}");
        List<String> required = new ArrayList<>();
        add(record, members, required);
        explain(members, name -> texts.fieldOf(record, name));
        return schemas.add(record.getSimpleName(), Schemas.closed(members, required));
    }

    private ObjectNode list(String field, Type element) {
        ObjectNode list = Schemas.listOf(schema(field, element));
        if (field.equals(REQUIRED_LIST)) {
            return list.put("minItems", 1).put("maxItems", PhasesPlanned.MOST);
        } else if (field.endsWith(".waivers")) {
            return list.put("maxItems", Requirement.values().length);
        }
        return list.put("maxItems", Checks.LIST_LENGTH);
    }
}
