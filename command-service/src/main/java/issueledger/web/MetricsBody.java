package issueledger.web;

import issueledger.events.Checks;
import issueledger.events.InvalidValue.Offence;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.MetricKind;
import issueledger.events.MetricSeries;
import issueledger.events.Rfc3339;
import issueledger.handling.Submission;
import issueledger.handling.Submission.Step;
import issueledger.http.Problem;
import issueledger.http.ProblemType;
import issueledger.http.Problems;
import issueledger.http.StrictParameters;
import issueledger.issue.IssueCommand.RecordMetric;
import issueledger.log.CommitHash;
import issueledger.metricsimport.Figures;
import issueledger.metricsimport.ImportedMetrics;
import issueledger.metricsimport.ImportedMetrics.Circumstances;
import issueledger.metricsimport.ReportFormat;
import issueledger.metricsimport.UnreadableReport;
import issueledger.template.Reading.Remark;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The body of an import, with its query parameters: a tool's output, or bodies of RecordMetric. */
final class MetricsBody {
    /** The bodies of RecordMetric as JSON. */
    static final String OWN_TYPE = "application/vnd.issue-ledger.metrics+json";

    static final Set<String> PARAMETERS = Set.of(CommandHeaders.DRY_RUN, "kind", "environment", "source", "measuredAt");

    private static final List<String> TYPES = Stream.concat(
                    Stream.of(OWN_TYPE), Arrays.stream(ReportFormat.values()).map(ReportFormat::mediaType))
            .toList();

    private final boolean dry;
    private final @Nullable Instant effectiveAt;
    private final String hashed;
    private final Function<Function<MetricSeries.Key, Optional<String>>, Steps> steps;

    /** Commands to record, with a warning for each figure that was skipped or rounded. */
    record Steps(List<Step> steps, List<Remark> warnings) {}

    private MetricsBody(
            boolean dry,
            @Nullable Instant effectiveAt,
            String hashed,
            Function<Function<MetricSeries.Key, Optional<String>>, Steps> steps) {
        this.dry = dry;
        this.effectiveAt = effectiveAt;
        this.hashed = hashed;
        this.steps = steps;
    }

    /** The body's media type; 415 if it is none of an import. */
    static String typeOf(HttpServletRequest request) {
        for (String type : TYPES) {
            if (DeclaredType.is(MediaType.parseMediaType(type), request)) {
                DeclaredType.require(MediaType.parseMediaType(type), request);
                return type;
            }
        }
        throw Problems.unsupportedMediaType(String.join(", ", TYPES), " in UTF-8, without a Content-Encoding");
    }

    /** Reads shape and values. */
    static MetricsBody read(String type, byte[] body, HttpServletRequest request, Instant now) {
        return ReportFormat.of(type)
                .map(format -> ofReport(format, body, request))
                .orElseGet(() -> ofBodies(body, request, now));
    }

    private static MetricsBody ofReport(ReportFormat format, byte[] body, HttpServletRequest request) {
        Map<String, String> given = StrictParameters.check(request, PARAMETERS);
        boolean dry = CommandHeaders.isDry(given);
        Circumstances circumstances = new Circumstances(
                kind(given.get("kind")),
                Objects.requireNonNullElse(line(given, "environment"), MetricRecorded.DEFAULT_ENVIRONMENT),
                instant(given.get("measuredAt")),
                line(given, "source"));
        String text = MarkdownBody.decode(body);
        Figures figures;
        try {
            figures = format.read(text);
        } catch (UnreadableReport e) {
            throw Problem.malformed("Line " + e.line() + " " + e.getMessage() + ".")
                    .at("line", e.line(), String.valueOf(e.getMessage()));
        }
        Map<String, String> hashed = new TreeMap<>(given);
        hashed.remove(CommandHeaders.DRY_RUN);
        return new MetricsBody(
                dry,
                null,
                format.mediaType() + "\n" + hashed + "\n" + text,
                unitOf -> steps(ImportedMetrics.of(figures, circumstances, unitOf)));
    }

    private static Steps steps(ImportedMetrics imported) {
        if (!imported.errors().isEmpty()) {
            Remark first = imported.errors().get(0);
            throw new Problem(
                            ProblemType.INVALID,
                            "In line " + first.line() + " a metric has invalid values: " + first.detail() + ".")
                    .with("errors", imported.errors());
        }
        return new Steps(
                imported.metrics().stream()
                        .map(metric -> new Step(new RecordMetric(metric), null))
                        .toList(),
                imported.warnings());
    }

    private static MetricKind kind(@Nullable String given) {
        if (given == null || !(given.equals("BASELINE") || given.equals("MEASURED"))) {
            throw Problem.malformedParameter(
                    "kind", (given == null ? "is required and " : "") + "must be BASELINE or MEASURED");
        }
        return MetricKind.valueOf(given);
    }

    private static @Nullable String line(Map<String, String> given, String name) {
        String value = given.get(name);
        if (value != null && !Checks.isLine(value)) {
            throw Problem.malformedParameter(
                    name, "must be a line of 1 to " + Checks.LINE_LENGTH + " characters, not blank");
        }
        return value;
    }

    private static @Nullable Instant instant(@Nullable String given) {
        Instant instant = given == null ? null : Rfc3339.parse(given);
        if (given != null && instant == null) {
            throw Problem.malformedParameter(
                    "measuredAt", "must be a time with an offset like 2026-02-14T09:30:00Z (RFC 3339)");
        }
        return instant;
    }

    private static MetricsBody ofBodies(byte[] body, HttpServletRequest request, Instant now) {
        boolean dry = CommandHeaders.isDry(request);
        ObjectNode object = JsonBody.parse(body);
        List<Offence> shape = new ArrayList<>();
        List<Offence> values = new ArrayList<>();
        List<Binder.Bound> bound = new ArrayList<>();
        for (String name : object.propertyNames()) {
            if (!name.equals("metrics")) {
                shape.add(new Offence(
                        "/" + Binder.printable(name.replace("~", "~0").replace("/", "~1")),
                        "is not a field here; there are metrics"));
            }
        }
        JsonNode metrics = object.path("metrics");
        if (metrics.isMissingNode() || metrics.isNull()) {
            values.add(new Offence("/metrics", "is required"));
        } else if (!metrics.isArray()) {
            shape.add(new Offence("/metrics", "must be an array"));
        } else if (metrics.isEmpty()) {
            values.add(new Offence("/metrics", "must have at least one item"));
        }
        for (int i = 0; i < metrics.size() && metrics.isArray(); i++) {
            bind(metrics.get(i), "/metrics/" + i, now, bound, shape, values);
        }
        for (int i = 1; i < bound.size() && shape.isEmpty() && values.isEmpty(); i++) {
            if (!Objects.equals(bound.get(i).effectiveAt(), bound.get(0).effectiveAt())) {
                values.add(new Offence(
                        "/metrics/" + i + "/effectiveAt", "must be the same in all, since they are one commit"));
            }
        }
        Binder.refuse(shape, values);
        Steps steps = new Steps(
                bound.stream().map(one -> new Step(one.command(), one.reason())).toList(), List.of());
        return new MetricsBody(
                dry, bound.get(0).effectiveAt(), OWN_TYPE + "\n" + JsonBody.canonical(object), unitOf -> steps);
    }

    private static void bind(
            JsonNode item,
            String pointer,
            Instant now,
            List<Binder.Bound> bound,
            List<Offence> shape,
            List<Offence> values) {
        if (!(item instanceof ObjectNode object)) {
            tell(shape, new Offence(pointer, "must be an object"));
            return;
        }
        try {
            bound.add(Binder.bind(RecordMetric.class, object, now));
        } catch (Problem e) {
            List<Offence> offences = e.type() == ProblemType.MALFORMED ? shape : values;
            if (e.members().get("errors") instanceof List<?> errors) {
                errors.forEach(error -> tell(offences, ((Offence) error).under(pointer)));
            }
        }
    }

    private static void tell(List<Offence> told, Offence one) {
        if (told.size() < Binder.MAX_TOLD) {
            told.add(one);
        }
    }

    boolean isDry() {
        return dry;
    }

    /** @param unitOf the unit of a series that the issue has */
    Steps steps(Function<MetricSeries.Key, Optional<String>> unitOf) {
        return steps.apply(unitOf);
    }

    CommandRequest request(String issueId, Steps recorded, CommandHeaders headers) {
        String hash = CommitHash.sha256(ImportController.NAME + "\n" + issueId + "\n" + hashed);
        return new CommandRequest(
                new Submission(issueId, recorded.steps(), effectiveAt, headers.ifMatch()),
                headers.origin(hash),
                headers.dry());
    }
}
