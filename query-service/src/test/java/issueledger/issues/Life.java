package issueledger.issues;

import static issueledger.query.Happenings.CONFIRMED;
import static issueledger.query.Happenings.FIXED;
import static issueledger.query.Happenings.OPENED;
import static issueledger.query.Happenings.REOPENED;
import static issueledger.query.Happenings.RESUMED;
import static issueledger.query.Happenings.ROOT_CAUSE;
import static issueledger.query.Happenings.SOLUTION;
import static issueledger.query.Happenings.STRATEGY;
import static issueledger.query.Happenings.TESTING;
import static issueledger.query.Happenings.TEST_RUN;

import issueledger.admission.Admission;
import issueledger.events.IssueEvent;
import issueledger.events.IssueEvent.DescriptionRevised;
import issueledger.events.IssueEvent.IssueAssigned;
import issueledger.events.IssueEvent.IssueClosed;
import issueledger.events.IssueEvent.MetricWithdrawn;
import issueledger.events.IssueEvent.NoteCorrected;
import issueledger.events.IssueEvent.PhaseCompleted;
import issueledger.events.IssueEvent.PhaseStarted;
import issueledger.events.IssueEvent.ReferenceRemoved;
import issueledger.events.IssueEvent.RelatedFileLinked;
import issueledger.events.IssueEvent.RelatedFileUnlinked;
import issueledger.events.IssueEvent.WorkStarted;
import issueledger.events.IssueExamples;
import issueledger.events.MetricKind;
import issueledger.events.Resolution;
import issueledger.events.Severity;
import issueledger.events.Status;
import issueledger.query.Happenings;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** A random issue within the rules: each step is the events of one command. */
public final class Life {
    static final LargeIssues LARGE_ISSUES =
            new LargeIssues(new Admission(1L << 28, 1 << 20, 1 << 20, false, System::nanoTime));

    private final Random random;
    private Status status = Status.OPEN;
    private int notes;
    private int metrics;
    private int references;
    private final List<String> files = new ArrayList<>();
    private final List<String> labels = new ArrayList<>(OPENED.labels());
    private int phases;
    private int completed;
    private boolean running;

    public Life(long seed) {
        random = new Random(seed);
    }

    public List<IssueEvent> opening() {
        return List.of(OPENED);
    }

    public List<IssueEvent> step() {
        List<Supplier<List<IssueEvent>>> open = new ArrayList<>();
        open.add(() -> List.of(Happenings.note(++notes, "Note " + random.nextInt(100))));
        open.add(() -> List.of(metric()));
        if (notes > 0) {
            open.add(() -> List.of(new NoteCorrected(1 + random.nextInt(notes), "Corrected " + random.nextInt(100))));
        }
        if (status != Status.CLOSED) {
            changes(open);
            if (metrics > 0) {
                open.add(() -> List.of(new MetricWithdrawn(1 + random.nextInt(metrics))));
            }
            open.add(() -> to(Status.CLOSED, new IssueClosed(Resolution.WONT_FIX, null, List.of())));
            open.add(() -> to(Status.CLOSED, new IssueClosed(Resolution.DUPLICATE, "older-issue", List.of())));
        }
        if (EnumSet.of(Status.IN_PROGRESS, Status.TESTING, Status.FIXED).contains(status)) {
            open.add(() -> List.of(TEST_RUN));
            if (running) {
                open.add(this::advance);
            }
        }
        switch (status) {
            case OPEN -> open.add(() -> begin(new WorkStarted(LocalDate.of(2026, 2, 1 + random.nextInt(28)))));
            case IN_PROGRESS -> open.add(() -> to(Status.TESTING, TESTING));
            case TESTING -> {
                open.add(() -> to(Status.IN_PROGRESS, RESUMED));
                open.add(() -> to(Status.FIXED, FIXED));
            }
            case FIXED -> {
                open.add(() -> to(Status.CLOSED, CONFIRMED));
                open.add(() -> to(Status.OPEN, REOPENED));
            }
            case CLOSED -> open.add(() -> to(Status.OPEN, REOPENED));
        }
        return open.get(random.nextInt(open.size())).get();
    }

    private void changes(List<Supplier<List<IssueEvent>>> open) {
        open.add(() -> List.of(new DescriptionRevised("Title " + random.nextInt(100), null)));
        open.add(() -> List.of(ROOT_CAUSE));
        open.add(() -> List.of(SOLUTION));
        open.add(() -> List.of(STRATEGY));
        open.add(() -> List.of(IssueExamples.impact(Severity.values()[random.nextInt(4)])));
        open.add(() -> List.of(new IssueAssigned(random.nextBoolean() ? null : "grace")));
        open.add(this::plan);
        open.add(() -> List.of(link()));
        open.add(() -> List.of(IssueExamples.reference(++references, "Reference " + references)));
        open.add(() -> List.of(label()));
        if (!files.isEmpty()) {
            open.add(() -> List.of(new RelatedFileUnlinked(files.remove(random.nextInt(files.size())))));
        }
        if (references > 0) {
            open.add(() -> List.of(new ReferenceRemoved(1 + random.nextInt(references))));
        }
    }

    private List<IssueEvent> to(Status next, IssueEvent event) {
        status = next;
        return List.of(event);
    }

    private List<IssueEvent> begin(IssueEvent start) {
        status = Status.IN_PROGRESS;
        return startingAPhase(start);
    }

    private List<IssueEvent> advance() {
        running = false;
        completed++;
        return startingAPhase(new PhaseCompleted(completed, random.nextBoolean() ? null : "Done"));
    }

    private List<IssueEvent> plan() {
        phases = Math.max(1, completed + (running ? 1 : 0)) + random.nextInt(3);
        IssueEvent plan = IssueExamples.plan(
                IntStream.rangeClosed(1, phases).mapToObj(i -> "Phase " + i).toArray(String[]::new));
        return status == Status.OPEN ? List.of(plan) : startingAPhase(plan);
    }

    private List<IssueEvent> startingAPhase(IssueEvent event) {
        if (running || completed >= phases) {
            return List.of(event);
        }
        running = true;
        return List.of(event, new PhaseStarted(completed + 1L));
    }

    private IssueEvent metric() {
        metrics++;
        return Happenings.latency(
                MetricKind.values()[random.nextInt(3)],
                BigDecimal.valueOf(random.nextInt(100_000), random.nextInt(4)).toPlainString(),
                random.nextBoolean() ? null : "2026-02-1" + random.nextInt(10) + "T00:00:00Z");
    }

    private IssueEvent link() {
        String path = "src/" + random.nextInt(4) + ".py";
        if (!files.contains(path)) {
            files.add(path);
        }
        return new RelatedFileLinked(path, random.nextBoolean() ? null : "Purpose " + random.nextInt(3));
    }

    private IssueEvent label() {
        String label = "label-" + random.nextInt(4);
        if (labels.remove(label)) {
            return Happenings.unlabelled(label);
        }
        labels.add(label);
        return Happenings.labelled(label);
    }
}
