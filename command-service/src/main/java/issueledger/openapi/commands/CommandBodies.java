package issueledger.openapi.commands;

import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import issueledger.events.Checks;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.IssueEvent.PhasesPlanned;
import issueledger.events.ReferenceKind;
import issueledger.events.Requirement;
import issueledger.events.Resolution;
import issueledger.handling.Submission;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.CloseIssue;
import issueledger.issue.IssueCommand.DefineTestingStrategy;
import issueledger.issue.IssueCommand.ReviseDescription;
import issueledger.openapi.Answers;
import issueledger.openapi.Schemas;
import issueledger.openapi.Shapes;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of the commands' bodies, made of the commands' records as the binder reads them. What a record's type does not tell (which
 * kind of string, how much of it) stands in the tables here; a test holds them against the binder, value by value.
 */
final class CommandBodies {
    /** The kinds of the fields that are strings, and of the items of those that are lists of strings. */
    private static final Map<String, Supplier<Schema<?>>> KINDS = Map.ofEntries(
            Map.entry("IssueOpened.title", Schemas::line),
            Map.entry("IssueOpened.labels", Schemas::line),
            Map.entry("OpenIssue.id", Schemas::issueId),
            Map.entry("DescriptionRevised.title", Schemas::line),
            Map.entry("Description.text", Schemas::text),
            Map.entry("Description.symptoms", Schemas::text),
            Map.entry("Description.affectedFeatures", Schemas::line),
            Map.entry("Description.userImpact", Schemas::text),
            Map.entry("Description.endpoints", Schemas::line),
            Map.entry("RootCauseRecorded.technicalCause", Schemas::text),
            Map.entry("RootCauseRecorded.contributingFactors", Schemas::text),
            Map.entry("RootCauseRecorded.triggerConditions", Schemas::text),
            Map.entry("ImpactAssessed.businessImpact", Schemas::text),
            Map.entry("ImpactAssessed.workarounds", Schemas::text),
            Map.entry("AffectedUsers.description", Schemas::line),
            Map.entry("SolutionProposed.approach", Schemas::text),
            Map.entry("SolutionProposed.codeChanges", Schemas::text),
            Map.entry("SolutionProposed.architectureModifications", Schemas::text),
            Map.entry("SolutionProposed.schemaUpdates", Schemas::text),
            Map.entry("SolutionProposed.expectedImprovements", Schemas::text),
            Map.entry("PlannedPhase.name", Schemas::line),
            Map.entry("PlannedPhase.description", Schemas::text),
            Map.entry("PlannedPhase.timeline", Schemas::line),
            Map.entry("TestingStrategyDefined.unitTests", Schemas::text),
            Map.entry("TestingStrategyDefined.integrationTests", Schemas::text),
            Map.entry("TestingStrategyDefined.performanceTests", Schemas::text),
            Map.entry("TestingStrategyDefined.regressionTests", Schemas::text),
            Map.entry("PhaseCompleted.outcome", Schemas::text),
            Map.entry("TestRunRecorded.summary", Schemas::text),
            Map.entry("TestRunRecorded.url", Schemas::url),
            Map.entry("IssueFixed.release", Schemas::line),
            Map.entry("IssueClosed.duplicateOf", Schemas::issueId),
            Map.entry("Waiver.reason", Schemas::text),
            Map.entry("RecordNote.text", Schemas::text),
            Map.entry("NoteCorrected.text", Schemas::text),
            Map.entry("MetricRecorded.name", Schemas::line),
            Map.entry("MetricRecorded.unit", () -> Schemas.line(MetricRecorded.UNIT_LENGTH)),
            Map.entry("MetricRecorded.environment", Schemas::line),
            Map.entry("MetricRecorded.source", Schemas::line),
            Map.entry("RelatedFileLinked.path", Schemas::line),
            Map.entry("RelatedFileLinked.purpose", Schemas::line),
            Map.entry("RelatedFileUnlinked.path", Schemas::line),
            Map.entry("AddReference.title", Schemas::line),
            Map.entry("AddReference.url", Schemas::url),
            Map.entry("IssueAssigned.assignee", Schemas::line),
            Map.entry("LabelsChanged.add", Schemas::line),
            Map.entry("LabelsChanged.remove", Schemas::line));

    /** Numbers that have bounds of their own. */
    private static final Map<String, Supplier<Schema<?>>> NUMBERS = Map.of(
            "AffectedUsers.percentage",
                    () -> Schemas.of("number").minimum(BigDecimal.ZERO).maximum(BigDecimal.valueOf(100)),
            "AffectedUsers.count", Schemas::count,
            "TestRunRecorded.passed", Schemas::count,
            "TestRunRecorded.failed", Schemas::count,
            "TestRunRecorded.skipped", Schemas::count);

    /** What stands where nothing is given. */
    private static final Map<String, String> DEFAULTS = Map.of(
            "MetricRecorded.environment",
            MetricRecorded.DEFAULT_ENVIRONMENT,
            "AddReference.kind",
            ReferenceKind.OTHER.name());

    /** A list is empty where nothing is given, but for these. */
    private static final Set<String> REQUIRED_LISTS = Set.of("PhasesPlanned.phases");

    private static final String REASON = "reason";

    private final Shapes shapes;

    CommandBodies(Shapes shapes) {
        this.shapes = shapes;
    }

    /** The body of a command, under the command's name. */
    Schema<?> of(Class<? extends IssueCommand> command) {
        Map<String, Schema<?>> members = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        add(command, members, required);
        boolean reasoned = Submission.needsReason(command, null);
        members.put(REASON, reasoned ? Schemas.text() : Schemas.orNull(Schemas.text()));
        if (reasoned) {
            required.add(REASON);
        }
        members.put(
                "effectiveAt",
                Schemas.orNull(Schemas.instant())
                        .description("When it happened, where it is recorded later: from 1970 to 5 minutes from now."));
        Schema<?> body = Schemas.object(members, required);
        if (command == ReviseDescription.class) {
            Stream.of("title", "description").map(CommandBodies::given).forEach(body::addAnyOfItem);
        } else if (command == DefineTestingStrategy.class) {
            Stream.of("unitTests", "integrationTests", "performanceTests", "regressionTests")
                    .forEach(field ->
                            body.addAnyOfItem(having(field, Schemas.of("array").minItems(1))));
        } else if (command == CloseIssue.class) {
            body.allOf(List.of(duplicates(), reasons()));
        }
        return shapes.add(command.getSimpleName(), body);
    }

    private void add(Class<?> type, Map<String, Schema<?>> members, List<String> required) {
        for (RecordComponent component : type.getRecordComponents()) {
            if (IssueEvent.class.isAssignableFrom(component.getType())) {
                add(component.getType(), members, required);
                continue;
            }
            String field = type.getSimpleName() + "." + component.getName();
            Schema<?> schema = schema(field, component.getGenericType());
            String otherwise = DEFAULTS.get(field);
            boolean list = component.getType() == List.class && !REQUIRED_LISTS.contains(field);
            boolean optional =
                    list || otherwise != null || component.getAnnotatedType().isAnnotationPresent(Nullable.class);
            if (optional) {
                members.put(component.getName(), withDefault(Schemas.orNull(schema), otherwise));
            } else {
                members.put(component.getName(), schema);
                required.add(component.getName());
            }
        }
    }

    private static Schema<?> withDefault(Schema<?> schema, @Nullable String otherwise) {
        if (otherwise != null) {
            schema.setDefault(otherwise);
        }
        return schema;
    }

    private Schema<?> schema(String field, Type type) {
        if (type instanceof ParameterizedType list) {
            return list(field, list.getActualTypeArguments()[0]);
        } else if (NUMBERS.containsKey(field)) {
            return of(NUMBERS, field);
        } else if (type == BigDecimal.class) {
            return Schemas.decimal();
        } else if (type == LocalDate.class) {
            return Schemas.date();
        } else if (type == Instant.class) {
            return Schemas.instant();
        } else if (type == String.class) {
            return of(KINDS, field);
        }
        Class<?> plain = (Class<?>) type;
        if (!plain.isRecord()) {
            return shapes.of(plain);
        }
        Map<String, Schema<?>> members = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        add(plain, members, required);
        return shapes.add(plain.getSimpleName(), Schemas.object(members, required));
    }

    private Schema<?> list(String field, Type element) {
        Schema<?> list = Schemas.listOf(schema(field, element));
        if (field.equals("PhasesPlanned.phases")) {
            return list.minItems(1).maxItems(PhasesPlanned.MOST);
        } else if (field.endsWith(".waivers")) {
            return list.maxItems(Requirement.values().length).description("Each requirement once.");
        }
        return list.maxItems(Checks.LIST_LENGTH);
    }

    private static Schema<?> of(Map<String, Supplier<Schema<?>>> table, String field) {
        Supplier<Schema<?>> kind = table.get(field);
        if (kind == null) {
            throw new IllegalStateException("of which kind is " + field + "?");
        }
        return kind.get();
    }

    private static Schema<?> given(String field) {
        Schema<?> notNull = new JsonSchema();
        notNull.not(Schemas.of("null"));
        return having(field, notNull);
    }

    private static Schema<?> having(String field, Schema<?> schema) {
        Schema<?> having = new JsonSchema();
        having.setRequired(List.of(field));
        having.setProperties(new LinkedHashMap<>(Answers.members(field, schema)));
        return having;
    }

    private static Schema<?> duplicates() {
        Schema<?> none = new JsonSchema();
        none.setProperties(new LinkedHashMap<>(Answers.members("duplicateOf", Schemas.of("null"))));
        Schema<?> duplicates = new JsonSchema();
        duplicates.setIf(resolution(List.of(Resolution.DUPLICATE)));
        duplicates.setThen(given("duplicateOf"));
        duplicates.setElse(none);
        return duplicates;
    }

    private static Schema<?> reasons() {
        Schema<?> reasons = new JsonSchema();
        reasons.setIf(resolution(Stream.of(Resolution.values())
                .filter(resolution -> Submission.needsReason(CloseIssue.class, resolution))
                .toList()));
        reasons.setThen(given(REASON));
        return reasons;
    }

    private static Schema<?> resolution(List<Resolution> any) {
        return having("resolution", Schemas.oneOf(any.stream().map(Enum::name).toList()));
    }
}
