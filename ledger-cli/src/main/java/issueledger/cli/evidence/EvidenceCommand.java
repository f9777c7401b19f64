package issueledger.cli.evidence;

import issueledger.events.Better;
import issueledger.events.Checks;
import issueledger.events.EventJson;
import issueledger.events.InvalidValue;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.MetricKind;
import issueledger.events.MetricRun;
import issueledger.events.MetricSeries;
import issueledger.events.Statistic;
import issueledger.evidence.MetricVerdict;
import issueledger.evidence.MetricVerdict.Outcome;
import issueledger.log.CommitHash;
import issueledger.metricsimport.Figure;
import issueledger.metricsimport.Figures;
import issueledger.metricsimport.ImportedMetrics;
import issueledger.template.Reading.Remark;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/**
 * Records the metrics of repeated runs before and after a change, and judges them. Exit codes: 0, 1 on a regression or a missed target, 2
 * where it cannot tell, for any reason, with the reason on standard error.
 */
@Command(
        name = "evidence",
        exitCodeOnExecutionException = EvidenceCommand.UNCLEAR,
        description =
                "Records what a tool measured in repeated runs before and after a change, a file a run, and judges it:"
                        + " exits 1 on a regression or a missed target, 2 where it cannot tell. With --aa it only tells"
                        + " how far runs of the same code can be trusted. docs/ci.md explains it.")
public final class EvidenceCommand implements Callable<Integer> {
    static final int REGRESSION = 1;
    static final int UNCLEAR = 2;

    /** What fails: each level with those before it. */
    enum FailOn {
        WORSE,
        TARGET,
        UNCLEAR
    }

    static final class FailOnWord implements ITypeConverter<FailOn> {
        @Override
        public FailOn convert(String word) {
            return Arrays.stream(FailOn.values())
                    .filter(level -> level.name().toLowerCase(Locale.ROOT).equals(word))
                    .findFirst()
                    .orElseThrow(() -> new CommandLine.TypeConversionException("must be worse, target or unclear"));
        }
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Parameters(paramLabel = "ISSUE", arity = "0..1", description = "the issue's id")
    private @Nullable String issue;

    @Option(names = "--url", paramLabel = "URL", description = "where the command service is")
    private @Nullable String url;

    @Option(
            names = "--query-url",
            paramLabel = "URL",
            description = "where the query service is; by default the command service tells it")
    private @Nullable String queryUrl;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "holds the bearer token, of an engineer, where tokens are asked for")
    private @Nullable Path tokenFile;

    @Option(names = "--baseline", arity = "1..*", paramLabel = "FILE", description = "the runs before, a file a run")
    private List<Path> baseline = List.of();

    @Option(names = "--measured", arity = "1..*", paramLabel = "FILE", description = "the runs after, a file a run")
    private List<Path> measured = List.of();

    @Option(
            names = "--aa",
            arity = "1..*",
            paramLabel = "FILE",
            description =
                    "runs of the same code: splits them at random, 1,000 times, and tells how often a verdict would be"
                            + " false and the smallest change that they could show")
    private List<Path> same = List.of();

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1", description = "of the splits; ${DEFAULT-VALUE}")
    private long seed;

    @Option(
            names = "--metric",
            arity = "1",
            paramLabel = "NAME",
            description = "only these metrics, as the table names them, with or without the statistic; may be repeated")
    private List<String> wanted = List.of();

    @Option(
            names = "--environment",
            paramLabel = "NAME",
            defaultValue = MetricRecorded.DEFAULT_ENVIRONMENT,
            description = "where it was measured; ${DEFAULT-VALUE}")
    private String environment = MetricRecorded.DEFAULT_ENVIRONMENT;

    @Option(
            names = "--effect",
            paramLabel = "FRACTION",
            defaultValue = "0.05",
            description = "the smallest change that matters; ${DEFAULT-VALUE}")
    private BigDecimal effect = MetricVerdict.DEFAULT_EFFECT;

    @Option(
            names = "--fail-on",
            paramLabel = "LEVEL",
            defaultValue = "unclear",
            converter = FailOnWord.class,
            description =
                    "worse: exits 1 on a regression; target: also on a missed target; unclear: also exits 2 where it"
                            + " cannot tell; ${DEFAULT-VALUE}")
    private FailOn failOn = FailOn.UNCLEAR;

    @Option(names = "--commit", paramLabel = "ID", description = "the commit after; by default that of CI or git")
    private @Nullable String commit;

    @Option(names = "--baseline-commit", paramLabel = "ID", description = "the commit before")
    private @Nullable String baselineCommit;

    @Option(
            names = "--machine",
            paramLabel = "NAME",
            description =
                    "the machine that the runs after were on; by default processor, cores, memory and kernel of this"
                            + " one")
    private @Nullable String machine;

    @Option(
            names = "--baseline-machine",
            paramLabel = "NAME",
            description = "the machine that the runs before were on, if another one")
    private @Nullable String baselineMachine;

    @Option(
            names = "--build",
            paramLabel = "ID",
            description =
                    "the build; a repetition with the same files and build records nothing anew; by default that of"
                            + " CI, or the commit")
    private @Nullable String build;

    private final Circumstances circumstances;
    private final Duration firstPause;

    public EvidenceCommand() {
        this(System.getenv(), Duration.ofSeconds(1));
    }

    /**
     * @param variables of the environment
     * @param firstPause before a request is sent again
     */
    EvidenceCommand(Map<String, String> variables, Duration firstPause) {
        this.circumstances = new Circumstances(variables);
        this.firstPause = firstPause;
    }

    @Override
    public Integer call() {
        if (effect.signum() < 0 || effect.compareTo(BigDecimal.ONE) > 0) {
            throw usage("--effect must be from 0 to 1");
        }
        try {
            return same.isEmpty() ? judged() : trusted();
        } catch (NoEvidence e) {
            err().println("There is no verdict: " + e.getMessage());
            return UNCLEAR;
        }
    }

    private CommandLine.ParameterException usage(String message) {
        return new CommandLine.ParameterException(spec.commandLine(), message);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }

    // ---- before and after

    private int judged() {
        if (issue == null || url == null || baseline.isEmpty() || measured.isEmpty()) {
            throw usage("ISSUE, --url, --baseline and --measured are required, or --aa");
        }
        if (!Checks.isIssueId(issue)) {
            throw usage("ISSUE " + Checks.MUST_BE_ISSUE_ID);
        }
        Runs before = Runs.read(baseline);
        Runs after = Runs.read(measured);
        if (before.tool() != after.tool()) {
            throw new NoEvidence("the runs before are of " + before.tool() + ", those after of " + after.tool());
        }
        List<Runs.Name> names = compared(before, after);
        LedgerClient ledger = new LedgerClient(url, queryUrl, issue, token(), firstPause);
        Map<MetricSeries.Key, JsonNode> known = byKey(ledger.series("0", effect.toPlainString()));
        List<MetricRecorded> was = metrics(MetricKind.BASELINE, before, names, known, runBefore());
        List<MetricRecorded> is = metrics(MetricKind.MEASURED, after, names, known, runAfter());

        String body = EventJson.MAPPER.writeValueAsString(
                Map.of("metrics", Stream.concat(was.stream(), is.stream()).toList()));
        String position = ledger.record(body, key(before, after, body));
        Map<MetricSeries.Key, JsonNode> answered = byKey(ledger.series(position, effect.toPlainString()));
        return told(Judged.of(was, is, effect), answered);
    }

    private @Nullable String token() {
        if (tokenFile == null) {
            return null;
        }
        try {
            return Files.readString(tokenFile).strip();
        } catch (IOException e) {
            throw new NoEvidence("the token file " + tokenFile + " cannot be read");
        }
    }

    /** The same for the same files and build on the same machine. The body is in it, so that the key is never of another one. */
    private String key(Runs before, Runs after, String body) {
        String id = Stream.of(build, circumstances.build(), commit, circumstances.commit())
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
        String all = String.join("\n", before.hash(), after.hash(), id, body);
        return "evidence-" + CommitHash.sha256(all).substring(0, 40);
    }

    private MetricRun runBefore() {
        String known = baselineCommit == null ? circumstances.baselineCommit() : baselineCommit;
        return run(known, baselineMachine == null ? machine : baselineMachine);
    }

    private MetricRun runAfter() {
        return run(commit == null ? circumstances.commit() : commit, machine);
    }

    private MetricRun run(@Nullable String of, @Nullable String on) {
        try {
            return new MetricRun(of, on == null ? Circumstances.machine() : on, null, circumstances.url());
        } catch (InvalidValue e) {
            throw new NoEvidence("the run's " + e.offences().get(0).pointer().substring(1) + " "
                    + e.offences().get(0).detail());
        }
    }

    /** The series that every file on both sides has, but those that are 0 everywhere; with a line for each other one. */
    private List<Runs.Name> compared(Runs before, Runs after) {
        List<Runs.Name> all = new ArrayList<>(before.series().keySet());
        after.series().keySet().stream().filter(name -> !all.contains(name)).forEach(all::add);
        for (String label : wanted) {
            if (all.stream().noneMatch(name -> name.isCalled(label))) {
                throw new NoEvidence("no file has a metric " + label + "; there are "
                        + String.join(
                                ", ", all.stream().map(Runs.Name::toString).toList()));
            }
        }
        List<Runs.Name> compared = new ArrayList<>();
        for (Runs.Name name : all) {
            Runs.Series was = before.series().get(name);
            Runs.Series is = after.series().get(name);
            if (!wanted.isEmpty() && wanted.stream().noneMatch(name::isCalled)) {
                continue;
            }
            if (was == null || is == null || was.files() < before.files() || is.files() < after.files()) {
                err().println(name + " is left out: not every file has it");
            } else if (was.isZero() && is.isZero()) {
                err().println(name + " is left out: it is 0 in every file");
            } else {
                compared.add(name);
            }
        }
        if (compared.isEmpty()) {
            throw new NoEvidence("there is no metric that every file has");
        }
        return compared;
    }

    private Map<MetricSeries.Key, JsonNode> byKey(JsonNode series) {
        Map<MetricSeries.Key, JsonNode> byKey = new HashMap<>();
        for (JsonNode one : series) {
            byKey.put(
                    new MetricSeries.Key(
                            one.path("name").asString(),
                            Statistic.valueOf(one.path("statistic").asString()),
                            one.path("environment").asString()),
                    one);
        }
        return byKey;
    }

    /** The medians with their samples, in the units and directions of the series that the issue has. */
    private List<MetricRecorded> metrics(
            MetricKind kind, Runs runs, List<Runs.Name> names, Map<MetricSeries.Key, JsonNode> known, MetricRun run) {
        List<Figure> figures = names.stream()
                .map(name -> Objects.requireNonNull(runs.series().get(name)).figure())
                .toList();
        ImportedMetrics imported = ImportedMetrics.of(
                new Figures(figures, List.of()),
                new ImportedMetrics.Circumstances(kind, environment, null, null),
                key -> Optional.ofNullable(known.get(key))
                        .map(one -> one.path("unit").asString()));
        if (!imported.errors().isEmpty()) {
            Remark first = imported.errors().get(0);
            throw new NoEvidence("a metric in line " + first.line() + " cannot be recorded: " + first.detail());
        }
        MetricRun by = new MetricRun(
                run.commit(),
                run.machine(),
                runs.tool().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                run.url());
        return imported.metrics().stream()
                .map(metric -> new MetricRecorded(
                        metric.kind(),
                        metric.name(),
                        metric.statistic(),
                        metric.unit(),
                        metric.value(),
                        metric.environment(),
                        better(metric, known.get(MetricSeries.Key.of(metric))),
                        null,
                        null,
                        metric.samples(),
                        by))
                .toList();
    }

    private static @Nullable Better better(MetricRecorded metric, @Nullable JsonNode known) {
        return known == null
                ? metric.better()
                : Better.valueOf(known.path("better").asString());
    }

    private int told(List<Judged> judged, Map<MetricSeries.Key, JsonNode> answered) {
        Table table = new Table("metric", "before", "after", "change", "verdict", "gate", "target");
        List<String> reasons = new ArrayList<>();
        boolean worse = false;
        boolean missed = false;
        boolean unclear = false;
        for (Judged one : judged) {
            JsonNode series = answered.getOrDefault(MetricSeries.Key.of(one.measured()), EventJson.MAPPER.nullNode());
            JsonNode verdict = series.path("verdict");
            boolean missesItsTarget = series.path("targetMet").isBoolean()
                    && !series.path("targetMet").booleanValue();
            table.add(
                    one.name(),
                    one.baseline().value().toPlainString() + " "
                            + one.measured().unit(),
                    one.measured().value().toPlainString() + " "
                            + one.measured().unit(),
                    change(verdict.path("change")),
                    words(verdict),
                    one.gate().name(),
                    target(series));
            if (one.gate() == Outcome.WORSE) {
                worse = true;
                reasons.add(one.name() + " is worse.");
            }
            if (missesItsTarget) {
                missed = true;
                reasons.add(one.name() + " misses its target.");
            }
            if (one.gate() == Outcome.CANNOT_TELL) {
                unclear = true;
                reasons.add(one.name() + " cannot be judged.");
            }
        }
        out().print(table);
        reasons.forEach(out()::println);
        out().flush();
        if (worse || (missed && failOn != FailOn.WORSE)) {
            return REGRESSION;
        }
        return unclear && failOn == FailOn.UNCLEAR ? UNCLEAR : CommandLine.ExitCode.OK;
    }

    private static String words(JsonNode verdict) {
        String why = verdict.path("why").asString("");
        return verdict.path("verdict").asString("none") + (why.isEmpty() ? "" : " (" + why + ")");
    }

    private static String change(JsonNode change) {
        return change.isObject()
                ? percent(change.path("estimate")) + " (" + percent(change.path("low")) + " to "
                        + percent(change.path("high")) + ")"
                : "none";
    }

    private static String percent(JsonNode fraction) {
        BigDecimal percent = fraction.decimalValue().movePointRight(2);
        return (percent.signum() > 0 ? "+" : "") + percent.stripTrailingZeros().toPlainString() + " %";
    }

    private static String target(JsonNode series) {
        if (!series.path("target").isNumber()) {
            return "none";
        }
        return series.path("target").decimalValue().toPlainString()
                + (series.path("targetMet").asBoolean(false) ? " met" : " missed");
    }

    // ---- the same code twice

    private int trusted() {
        if (issue != null || url != null || !baseline.isEmpty() || !measured.isEmpty()) {
            throw usage("--aa judges files alone: it takes neither ISSUE nor --url, --baseline or --measured");
        }
        Runs runs = Runs.read(same);
        List<Runs.Name> names = compared(runs, runs).stream()
                .filter(name -> isPositive(Objects.requireNonNull(runs.series().get(name))))
                .toList();
        List<Runs.Series> series = names.stream()
                .map(name -> Objects.requireNonNull(runs.series().get(name)))
                .toList();
        int count = series.isEmpty() ? 0 : series.get(0).figure().samples().size();
        if (count < SameCode.FEWEST_RUNS
                || series.stream().anyMatch(one -> one.figure().samples().size() != count)) {
            throw new NoEvidence("--aa needs at least " + SameCode.FEWEST_RUNS
                    + " runs, with positive values, as many of each metric; there are " + count);
        }
        SameCode code = new SameCode(series, effect, seed);
        SameCode.False found = code.falseVerdicts();
        Table table = new Table("metric", "runs", "median", "false verdicts", "smallest change shown");
        for (int i = 0; i < series.size(); i++) {
            Figure figure = series.get(i).figure();
            table.add(
                    names.get(i).toString(),
                    Integer.toString(count),
                    figure.value().toPlainString() + " " + figure.unit(),
                    found.verdicts().get(i) + " of " + SameCode.SPLITS,
                    code.smallestChange(i));
        }
        out().print(table);
        out().println("Judged together, " + found.gates() + " of " + SameCode.SPLITS
                + " splits would have failed or passed a gate for nothing.");
        out().flush();
        return CommandLine.ExitCode.OK;
    }

    private boolean isPositive(Runs.Series series) {
        boolean positive = series.figure().samples().stream().allMatch(sample -> sample.signum() > 0);
        if (!positive) {
            err().println(series.figure().name() + " " + series.figure().statistic()
                    + " is left out: ratios need positive values");
        }
        return positive;
    }
}
