package issueledger.cli.evidence;

import issueledger.events.Better;
import issueledger.events.IssueEvent.MetricRecorded;
import issueledger.evidence.Comparison;
import issueledger.evidence.Holm;
import issueledger.evidence.MetricVerdict;
import issueledger.evidence.MetricVerdict.Outcome;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A metric before and after, and its outcome once all of them are judged together. */
record Judged(MetricRecorded baseline, MetricRecorded measured, Outcome gate) {

    /** What there is to judge of a metric: the comparison of its samples, null where it cannot be told. */
    private record Open(
            MetricRecorded baseline,
            MetricRecorded measured,
            @Nullable Comparison comparison) {}

    /**
     * Judges the metrics together: Holm's correction holds the chance of any false outcome among them below that of one.
     *
     * @param baseline and measured: the same series in the same order
     */
    static List<Judged> of(List<MetricRecorded> baseline, List<MetricRecorded> measured, BigDecimal effect) {
        List<Open> open = new ArrayList<>();
        for (int i = 0; i < baseline.size(); i++) {
            MetricRecorded before = baseline.get(i);
            MetricRecorded after = measured.get(i);
            boolean otherMachine = !machine(before).equals(machine(after));
            boolean comparable = MetricVerdict.why(before.samples(), after.samples(), otherMachine) == null;
            open.add(new Open(before, after, comparable ? Comparison.of(before.samples(), after.samples()) : null));
        }
        double[] corrected = Holm.corrected(open.stream()
                .map(Open::comparison)
                .flatMap(Stream::ofNullable)
                .mapToDouble(Comparison::p)
                .toArray());
        List<Judged> judged = new ArrayList<>();
        int next = 0;
        for (Open one : open) {
            Outcome gate = Outcome.CANNOT_TELL;
            if (one.comparison() != null) {
                Better better = Objects.requireNonNull(one.measured().better());
                gate = one.comparison().outcome(better, effect, corrected[next]);
                next++;
            }
            judged.add(new Judged(one.baseline(), one.measured(), gate));
        }
        return judged;
    }

    private static Optional<String> machine(MetricRecorded metric) {
        return Optional.ofNullable(metric.run()).map(run -> run.machine());
    }

    String name() {
        return measured.name() + " " + measured.statistic();
    }
}
