package issueledger.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import issueledger.analytics.facts.IssueFacts;
import issueledger.analytics.facts.Told;
import issueledger.events.Better;
import issueledger.events.EventJson;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.ImpactAssessed;
import issueledger.events.IssueEvent.IssueClosed;
import issueledger.events.IssueEvent.IssueFixed;
import issueledger.events.IssueEvent.IssueReopened;
import issueledger.events.IssueEvent.LabelsChanged;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.events.IssueEvent.PhaseCompleted;
import issueledger.events.IssueEvent.PhaseStarted;
import issueledger.events.IssueEvent.PhasesPlanned;
import issueledger.events.IssueEvent.RelatedFileLinked;
import issueledger.events.IssueEvent.RelatedFileUnlinked;
import issueledger.events.IssueEvent.TestingStarted;
import issueledger.events.IssueEvent.WorkResumed;
import issueledger.events.IssueEvent.WorkStarted;
import issueledger.events.MetricKind;
import issueledger.events.PlannedPhase;
import issueledger.events.Resolution;
import issueledger.events.Rfc3339;
import issueledger.events.Severity;
import issueledger.events.Statistic;
import issueledger.query.EmbeddedViews;
import issueledger.query.Happenings;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Random histories: the answers equal those of a slow computation from the events themselves, written on its own. */
class RecomputedTest {
    private static final int ISSUES = 2_000;
    private static final long DAY = 86_400_000;
    private static final long START = Instant.parse("2025-01-01T00:00:00Z").toEpochMilli();
    private static final long NOW = Instant.parse("2026-03-01T00:00:00Z").toEpochMilli();

    @TempDir
    private Path folder;

    /** One event of a history, as the computation knows it. */
    private record Happened(long position, long at, IssueEvent event) {}

    private final Map<String, List<Happened>> histories = new TreeMap<>();
    private final Random random = new Random(20_260_301);
    private long recordedAt = START;
    private long position;

    @Test
    void the_answers_of_sqlite_views_equal_the_computation() {
        try (Told told = Told.sqlite(folder)) {
            equalsTheComputation(told);
        }
    }

    @Test
    void the_answers_of_mongodb_views_equal_the_computation() {
        try (EmbeddedViews server = new EmbeddedViews();
                Told told = Told.mongo(server.database())) {
            equalsTheComputation(told);
        }
    }

    private void equalsTheComputation(Told told) {
        tell(told, ISSUES);
        told.fold(777).restart();
        tell(told, ISSUES / 2);
        told.fold(5_000).restart().again(100);
        tell(told, ISSUES / 4);
        List<IssueFacts> issues = told.fold(13).restart().issues();
        assertThat(issues).hasSize(ISSUES);

        for (int i = 0; i < 12; i++) {
            long from = START - 5 * DAY + random.nextInt(110) * DAY + (i % 2 == 0 ? 0 : random.nextInt(86_400_000));
            long to = from + random.nextInt(90) * DAY + (i % 3 == 0 ? 0 : random.nextInt(86_400_000));
            Bucket bucket = Bucket.values()[i % 3];
            Window window = Window.of(Instant.ofEpochMilli(from), Instant.ofEpochMilli(to), bucket, START, NOW);
            compare(issues, window);
        }
    }

    private void compare(List<IssueFacts> issues, Window window) {
        assertThat(counts(Throughput.of(issues, window)))
                .as("throughput %s", window)
                .isEqualTo(throughput(window));
        assertThat(counts(Flow.of(issues, window))).as("flow %s", window).isEqualTo(flow(window));
        assertThat(times(TimeInStatus.of(issues, window)))
                .as("times %s", window)
                .isEqualTo(timeInStatus(window));
        assertThat(cycles(CycleTimes.of(issues, window)))
                .as("cycles %s", window)
                .isEqualTo(cycleTimes(window));
        assertThat(ages(Aging.of(issues, window))).as("aging %s", window).isEqualTo(aging(window));
        assertThat(summed(Summary.of(issues, window))).as("summary %s", window).isEqualTo(summary(window));
        assertThat(slips(Phases.of(issues, window))).as("phases %s", window).isEqualTo(phases(window));
        assertThat(spots(Hotspots.files(issues, window))).isEqualTo(files());
        assertThat(improved(Improvements.of(issues, window))).isEqualTo(improvements());
    }

    // The histories.

    /** Random events of so many issues, in an order in which commands could have recorded them. */
    private void tell(Told told, int issues) {
        for (int n = 0; n < 6; n++) {
            for (int i = 0; i < issues; i++) {
                recordedAt += random.nextInt(3_600_000) / 4;
                String issue = "i-" + (issues == ISSUES ? i : random.nextInt(ISSUES));
                List<Happened> history = histories.computeIfAbsent(issue, k -> new ArrayList<>());
                long last = lastChange(history);
                // A third is recorded late, at a time not before the last status change, some at midnight.
                Long effective = random.nextInt(3) > 0 || recordedAt <= last
                        ? null
                        : Long.valueOf(last + (long) (random.nextDouble() * (recordedAt - last)));
                if (effective != null && random.nextInt(5) == 0 && effective / DAY * DAY >= last) {
                    effective = effective / DAY * DAY;
                }
                long at = effective == null ? recordedAt : effective;
                for (IssueEvent event : next(history)) {
                    told.late(
                            Rfc3339.format(Instant.ofEpochMilli(recordedAt)),
                            effective == null ? null : Rfc3339.format(Instant.ofEpochMilli(effective)),
                            issue,
                            null,
                            event);
                    history.add(new Happened(++position, at, event));
                }
            }
        }
    }

    private static long lastChange(List<Happened> history) {
        return history.stream()
                .filter(one -> status(one.event()) != null)
                .mapToLong(Happened::at)
                .max()
                .orElse(START - 30 * DAY);
    }

    private static @Nullable String status(IssueEvent event) {
        return switch (event) {
            case IssueEvent.IssueOpened e -> "OPEN";
            case IssueReopened e -> "OPEN";
            case WorkStarted e -> "IN_PROGRESS";
            case WorkResumed e -> "IN_PROGRESS";
            case TestingStarted e -> "TESTING";
            case IssueFixed e -> "FIXED";
            case IssueClosed e -> "CLOSED";
            default -> null;
        };
    }

    private static String statusOf(List<Happened> history) {
        String status = "";
        for (Happened one : history) {
            String next = status(one.event());
            status = next == null ? status : next;
        }
        return status;
    }

    private List<IssueEvent> next(List<Happened> history) {
        if (history.isEmpty()) {
            return List.of(Happenings.opened("Slow", "It is slow", "l-" + random.nextInt(3)));
        }
        if (random.nextInt(3) == 0) {
            return aside(history);
        }
        return switch (statusOf(history)) {
            case "OPEN" -> random.nextInt(5) == 0 ? List.of(closed()) : List.of(Happenings.STARTED);
            case "IN_PROGRESS" -> random.nextInt(6) == 0 ? List.of(closed()) : List.of(Happenings.TESTING);
            case "TESTING" -> List.of(random.nextInt(4) == 0 ? Happenings.RESUMED : Happenings.FIXED);
            case "FIXED" -> List.of(random.nextInt(5) == 0 ? Happenings.REOPENED : Happenings.CONFIRMED);
            default -> random.nextInt(3) == 0 ? List.of(Happenings.REOPENED) : List.of(Happenings.note(1, "Closed"));
        };
    }

    private IssueEvent closed() {
        return random.nextBoolean()
                ? new IssueClosed(Resolution.WONT_FIX, null, List.of())
                : new IssueClosed(Resolution.DUPLICATE, "other", List.of());
    }

    private List<IssueEvent> aside(List<Happened> history) {
        boolean planned = history.stream().anyMatch(one -> one.event() instanceof PhasesPlanned);
        long started = history.stream()
                .filter(one -> one.event() instanceof PhaseStarted)
                .count();
        return switch (random.nextInt(6)) {
            case 0 -> List.of(new ImpactAssessed(Severity.values()[random.nextInt(4)], null, null, List.of()));
            case 1 -> List.of(new LabelsChanged(List.of("more-" + history.size()), List.of()));
            case 2 -> List.of(new RelatedFileLinked("f-" + random.nextInt(20), null));
            case 3 -> List.of(new RelatedFileUnlinked("f-" + random.nextInt(20)));
            case 4 -> List.of(metric());
            default ->
                !planned
                        ? List.of(new PhasesPlanned(List.of(planned(), planned())), new PhaseStarted(1))
                        : started == 1
                                ? List.of(new PhaseCompleted(1, null), new PhaseStarted(2))
                                : List.of(Happenings.note(1, "Planned"));
        };
    }

    private PlannedPhase planned() {
        LocalDate end = random.nextInt(4) == 0 ? null : LocalDate.of(2025, 2, 1).plusDays(random.nextInt(300));
        return new PlannedPhase("Phase", null, null, null, end);
    }

    private IssueEvent metric() {
        return new MetricRecorded(
                MetricKind.values()[random.nextInt(3)],
                "m",
                Statistic.P95,
                "ms",
                BigDecimal.valueOf(random.nextInt(1_000), random.nextInt(3)),
                "production",
                Better.LOWER,
                random.nextBoolean() ? null : Instant.ofEpochMilli(START + random.nextInt(100) * DAY),
                null);
    }

    // The answers, as text.

    private static <T> List<JsonNode> items(Answer<T> answer) {
        List<JsonNode> items = new ArrayList<>();
        answer.listing().items().forEach(item -> items.add(EventJson.MAPPER.valueToTree(item)));
        return items;
    }

    private static List<String> counts(Answer<?> answer) {
        return items(answer).stream().map(JsonNode::toString).toList();
    }

    private static List<String> times(Answer<?> answer) {
        return counts(answer);
    }

    private static List<String> cycles(CycleTimes answer) {
        List<String> all = new ArrayList<>(counts(answer));
        JsonNode json =
                EventJson.MAPPER.valueToTree(answer.json(answer.listing().page("", 1, null)));
        all.add(json.get("lead") + " " + json.get("cycle"));
        return all;
    }

    private static List<String> ages(Answer<?> answer) {
        return items(answer).stream()
                .map(item -> item.get("issueId").stringValue() + " "
                        + item.get("status").stringValue() + " " + item.get("ageSeconds") + " "
                        + item.get("inStatusSeconds"))
                .toList();
    }

    private static String summed(Summary answer) {
        return answer.issues() + " " + answer.open() + " " + answer.byStatus() + " " + answer.byResolution() + " "
                + answer.reopenRate();
    }

    private static List<String> slips(Answer<?> answer) {
        return items(answer).stream()
                .map(item -> item.get("issueId").stringValue() + " " + item.get("phase") + " "
                        + item.get("completedAt").stringValue() + " " + item.get("slippageDays"))
                .toList();
    }

    private static Map<String, String> spots(Answer<?> answer) {
        Map<String, String> spots = new TreeMap<>();
        items(answer)
                .forEach(item -> spots.put(
                        item.get("path").stringValue(),
                        item.get("issues") + " " + item.get("open") + " " + item.get("reopened")));
        return spots;
    }

    private static List<String> improved(Answer<?> answer) {
        return items(answer).stream()
                .map(item ->
                        item.get("issueId").stringValue() + " " + item.get("baseline") + " " + item.get("measured"))
                .toList();
    }

    // The computation.

    private static LocalDate first(Bucket bucket, long time) {
        LocalDate day = LocalDate.ofInstant(Instant.ofEpochMilli(time), ZoneOffset.UTC);
        return switch (bucket) {
            case DAY -> day;
            case WEEK -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
            case MONTH -> day.withDayOfMonth(1);
        };
    }

    private static LocalDate next(Bucket bucket, LocalDate first) {
        return switch (bucket) {
            case DAY -> first.plusDays(1);
            case WEEK -> first.plusDays(7);
            case MONTH -> first.plusMonths(1);
        };
    }

    private static long millis(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }

    private static List<LocalDate> buckets(Window window) {
        List<LocalDate> buckets = new ArrayList<>();
        if (window.from() < window.to()) {
            LocalDate at = first(window.bucket(), window.from());
            while (millis(at) < window.to()) {
                buckets.add(at);
                at = next(window.bucket(), at);
            }
        }
        return buckets;
    }

    private List<String> throughput(Window window) {
        List<String> rows = new ArrayList<>();
        for (LocalDate bucket : buckets(window)) {
            long begin = Math.max(millis(bucket), window.from());
            long end = Math.min(millis(next(window.bucket(), bucket)), window.to());
            int[] counts = new int[4];
            histories
                    .values()
                    .forEach(history -> history.forEach(one -> {
                        if (begin <= one.at() && one.at() < end) {
                            counts[0] += one.event() instanceof IssueEvent.IssueOpened ? 1 : 0;
                            counts[1] += one.event() instanceof IssueFixed ? 1 : 0;
                            counts[2] += one.event() instanceof IssueClosed ? 1 : 0;
                            counts[3] += one.event() instanceof IssueReopened ? 1 : 0;
                        }
                    }));
            rows.add("{\"bucket\":\"%s\",\"opened\":%d,\"fixed\":%d,\"closed\":%d,\"reopened\":%d}"
                    .formatted(bucket, counts[0], counts[1], counts[2], counts[3]));
        }
        return rows;
    }

    /** The status changes before a moment. */
    private static List<Happened> changes(List<Happened> history, long end) {
        return history.stream()
                .filter(one -> status(one.event()) != null && one.at() < end)
                .toList();
    }

    private Map<String, Integer> standing(long end) {
        Map<String, Integer> byStatus = new LinkedHashMap<>();
        List.of("OPEN", "IN_PROGRESS", "TESTING", "FIXED", "CLOSED").forEach(status -> byStatus.put(status, 0));
        histories.values().forEach(history -> {
            List<Happened> before = changes(history, end);
            if (!before.isEmpty()) {
                byStatus.merge(statusOf(before), 1, Integer::sum);
            }
        });
        return byStatus;
    }

    private List<String> flow(Window window) {
        List<String> rows = new ArrayList<>();
        for (LocalDate bucket : buckets(window)) {
            long end = Math.min(millis(next(window.bucket(), bucket)), window.to());
            List<String> counts = standing(end).entrySet().stream()
                    .map(status -> "\"" + status.getKey() + "\":" + status.getValue())
                    .toList();
            rows.add("{\"bucket\":\"" + bucket + "\",\"byStatus\":{" + String.join(",", counts) + "}}");
        }
        return rows;
    }

    private static String seconds(BigDecimal milliseconds) {
        BigDecimal seconds =
                milliseconds.movePointLeft(3).setScale(3, RoundingMode.HALF_UP).stripTrailingZeros();
        return seconds.toPlainString();
    }

    /** NumPy's definition, on a virtual index. */
    private static BigDecimal percentile(List<Long> sorted, String q) {
        BigDecimal index = new BigDecimal(q).multiply(BigDecimal.valueOf(sorted.size() - 1L));
        int low = index.intValue();
        int high = Math.min(low + 1, sorted.size() - 1);
        BigDecimal part = index.subtract(BigDecimal.valueOf(low));
        BigDecimal step = BigDecimal.valueOf(sorted.get(high) - sorted.get(low));
        return BigDecimal.valueOf(sorted.get(low)).add(step.multiply(part));
    }

    private static BigDecimal sum(List<Long> values) {
        return values.stream().map(BigDecimal::valueOf).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static String mean(List<Long> values) {
        return seconds(sum(values).divide(BigDecimal.valueOf(values.size()), 30, RoundingMode.HALF_UP));
    }

    private List<String> timeInStatus(Window window) {
        List<String> rows = new ArrayList<>();
        for (String status : List.of("OPEN", "IN_PROGRESS", "TESTING", "FIXED")) {
            List<Long> times = new ArrayList<>();
            histories.values().forEach(history -> {
                List<Happened> changes = changes(history, Long.MAX_VALUE);
                long time = 0;
                for (int i = 0; i < changes.size(); i++) {
                    long end = i + 1 < changes.size() ? changes.get(i + 1).at() : window.to();
                    if (status.equals(status(changes.get(i).event()))) {
                        long clipped = Math.min(end, window.to())
                                - Math.max(changes.get(i).at(), window.from());
                        time += Math.max(0, clipped);
                    }
                }
                if (time > 0) {
                    times.add(time);
                }
            });
            Collections.sort(times);
            rows.add(
                    times.isEmpty()
                            ? ("{\"status\":\"%s\",\"issues\":0,\"totalSeconds\":0,\"meanSeconds\":null,"
                                            + "\"p50Seconds\":null,\"p85Seconds\":null,\"p95Seconds\":null}")
                                    .formatted(status)
                            : ("{\"status\":\"%s\",\"issues\":%d,\"totalSeconds\":%s,\"meanSeconds\":%s,"
                                            + "\"p50Seconds\":%s,\"p85Seconds\":%s,\"p95Seconds\":%s}")
                                    .formatted(
                                            status,
                                            times.size(),
                                            seconds(sum(times)),
                                            mean(times),
                                            seconds(percentile(times, "0.5")),
                                            seconds(percentile(times, "0.85")),
                                            seconds(percentile(times, "0.95"))));
        }
        return rows;
    }

    private record Cycle(String issue, long lead, long cycle, long closedAt) {}

    private List<String> cycleTimes(Window window) {
        List<Cycle> cycles = new ArrayList<>();
        histories.forEach((issue, history) -> {
            List<Happened> changes = changes(history, window.to());
            if (!changes.isEmpty()
                    && changes.getLast().event() instanceof IssueClosed close
                    && close.resolution() == Resolution.CONFIRMED
                    && changes.getLast().at() >= window.from()) {
                long start = changes.stream()
                        .filter(one -> one.event() instanceof WorkStarted)
                        .findFirst()
                        .orElseThrow()
                        .at();
                long fix = changes.reversed().stream()
                        .filter(one -> one.event() instanceof IssueFixed)
                        .findFirst()
                        .orElseThrow()
                        .at();
                long closed = changes.getLast().at();
                cycles.add(new Cycle(issue, closed - changes.getFirst().at(), fix - start, closed));
            }
        });
        List<String> rows = new ArrayList<>();
        cycles.stream()
                .sorted(java.util.Comparator.comparingLong(Cycle::closedAt).thenComparing(Cycle::issue))
                .forEach(cycle ->
                        rows.add("{\"issueId\":\"%s\",\"leadSeconds\":%s,\"cycleSeconds\":%s,\"closedAt\":\"%s\"}"
                                .formatted(
                                        cycle.issue(),
                                        seconds(BigDecimal.valueOf(cycle.lead())),
                                        seconds(BigDecimal.valueOf(cycle.cycle())),
                                        Rfc3339.format(Instant.ofEpochMilli(cycle.closedAt())))));
        rows.add(figures(cycles.stream().map(Cycle::lead).sorted().toList()) + " "
                + figures(cycles.stream().map(Cycle::cycle).sorted().toList()));
        return rows;
    }

    private static String figures(List<Long> sorted) {
        return sorted.isEmpty()
                ? "{\"count\":0,\"mean\":null,\"p50\":null,\"p85\":null,\"p95\":null,\"max\":null}"
                : "{\"count\":%d,\"mean\":%s,\"p50\":%s,\"p85\":%s,\"p95\":%s,\"max\":%s}"
                        .formatted(
                                sorted.size(),
                                mean(sorted),
                                seconds(percentile(sorted, "0.5")),
                                seconds(percentile(sorted, "0.85")),
                                seconds(percentile(sorted, "0.95")),
                                seconds(BigDecimal.valueOf(sorted.getLast())));
    }

    private List<String> aging(Window window) {
        Map<String, String> rows = new TreeMap<>();
        histories.forEach((issue, history) -> {
            List<Happened> changes = changes(history, window.to());
            if (!changes.isEmpty() && !statusOf(changes).equals("CLOSED")) {
                long opened = changes.getFirst().at();
                rows.put(
                        "%020d".formatted(opened) + issue,
                        issue + " " + statusOf(changes) + " " + seconds(BigDecimal.valueOf(window.to() - opened)) + " "
                                + seconds(BigDecimal.valueOf(
                                        window.to() - changes.getLast().at())));
            }
        });
        return List.copyOf(rows.values());
    }

    private String summary(Window window) {
        Map<String, Integer> standing = standing(window.to());
        int issues = standing.values().stream().mapToInt(Integer::intValue).sum();
        Map<Resolution, Integer> resolutions = new TreeMap<>();
        for (Resolution resolution : Resolution.values()) {
            resolutions.put(resolution, 0);
        }
        int reopened = 0;
        int finished = 0;
        for (List<Happened> history : histories.values()) {
            List<Happened> changes = changes(history, window.to());
            reopened += changes.stream().anyMatch(one -> one.event() instanceof IssueReopened) ? 1 : 0;
            finished += changes.stream()
                            .anyMatch(one -> one.event() instanceof IssueFixed || one.event() instanceof IssueClosed)
                    ? 1
                    : 0;
            if (!changes.isEmpty() && changes.getLast().event() instanceof IssueClosed close) {
                resolutions.merge(close.resolution(), 1, Integer::sum);
            }
        }
        String rate = finished == 0
                ? "null"
                : BigDecimal.valueOf(reopened)
                        .divide(BigDecimal.valueOf(finished), 4, RoundingMode.HALF_UP)
                        .stripTrailingZeros()
                        .toPlainString();
        return issues + " " + (issues - standing.get("CLOSED")) + " " + standing + " " + resolutions + " " + rate;
    }

    private List<String> phases(Window window) {
        Map<String, String> rows = new TreeMap<>();
        histories.forEach((issue, history) -> {
            List<PlannedPhase> plan = List.of();
            for (Happened one : history) {
                if (one.event() instanceof PhasesPlanned planned) {
                    plan = planned.phases();
                } else if (one.event() instanceof PhaseCompleted completed
                        && window.from() <= one.at()
                        && one.at() < window.to()) {
                    LocalDate end = plan.get((int) completed.phase() - 1).plannedEnd();
                    long day = Math.floorDiv(one.at(), DAY);
                    rows.put(
                            "%020d".formatted(one.at()) + issue,
                            issue + " " + completed.phase() + " " + Rfc3339.format(Instant.ofEpochMilli(one.at())) + " "
                                    + (end == null ? "null" : Long.toString(day - end.toEpochDay())));
                }
            }
        });
        return List.copyOf(rows.values());
    }

    private Map<String, String> files() {
        Map<String, int[]> counts = new TreeMap<>();
        histories.values().forEach(history -> {
            List<String> linked = new ArrayList<>();
            int reopened = 0;
            for (Happened one : history) {
                if (one.event() instanceof RelatedFileLinked link && !linked.contains(link.path())) {
                    linked.add(link.path());
                } else if (one.event() instanceof RelatedFileUnlinked unlink) {
                    linked.remove(unlink.path());
                }
                reopened += one.event() instanceof IssueReopened ? 1 : 0;
            }
            for (String path : linked) {
                int[] count = counts.computeIfAbsent(path, p -> new int[3]);
                count[0]++;
                count[1] += statusOf(history).equals("CLOSED") ? 0 : 1;
                count[2] += reopened;
            }
        });
        Map<String, String> spots = new TreeMap<>();
        counts.forEach((path, count) -> spots.put(path, count[0] + " " + count[1] + " " + count[2]));
        return spots;
    }

    private List<String> improvements() {
        List<String> rows = new ArrayList<>();
        histories.forEach((issue, history) -> {
            String baseline = latest(history, MetricKind.BASELINE);
            String measured = latest(history, MetricKind.MEASURED);
            if (baseline != null && measured != null) {
                rows.add(issue + " " + baseline + " " + measured);
            }
        });
        return rows;
    }

    private static @Nullable String latest(List<Happened> history, MetricKind kind) {
        String latest = null;
        long latestAt = Long.MIN_VALUE;
        for (Happened one : history) {
            if (one.event() instanceof MetricRecorded metric && metric.kind() == kind) {
                long at = metric.measuredAt() == null
                        ? one.at()
                        : metric.measuredAt().toEpochMilli();
                if (at >= latestAt) {
                    latestAt = at;
                    latest = metric.value().toPlainString();
                }
            }
        }
        return latest;
    }
}
