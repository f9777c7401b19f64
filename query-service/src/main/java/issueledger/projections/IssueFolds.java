package issueledger.projections;

import static java.util.stream.Collectors.toList;

import issueledger.log.RecordedEvent;
import issueledger.projections.ReadModel.Failure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A batch of events that was folded issue by issue.
 *
 * @param changed the views that have changed
 * @param failures the first failure of each issue that has one
 */
public record IssueFolds<V>(List<V> changed, List<Failure> failures) {
    /** Batches of at least this size are folded in parallel; for smaller ones it does not pay. */
    private static final int MANY = 2_000;

    /**
     * One issue after a fold.
     *
     * @param view after the last event that could be folded; null if nothing has changed
     */
    public record Fold<V>(@Nullable V view, @Nullable Failure failure) {}

    /** The events of each issue, in order. */
    public static Map<String, List<RecordedEvent>> byIssue(List<RecordedEvent> events) {
        return events.stream().collect(Collectors.groupingBy(RecordedEvent::stream, LinkedHashMap::new, toList()));
    }

    /** @param fold called with an issue's id and its events, by several threads where there are many events */
    public static <V> IssueFolds<V> of(
            Map<String, List<RecordedEvent>> byIssue, BiFunction<String, List<RecordedEvent>, Fold<V>> fold) {
        int events = byIssue.values().stream().mapToInt(List::size).sum();
        var issues = byIssue.entrySet().stream();
        List<Fold<V>> folds = (events < MANY ? issues : issues.parallel())
                .map(issue -> fold.apply(issue.getKey(), issue.getValue()))
                .toList();
        return new IssueFolds<>(
                present(folds.stream(), Fold::view).toList(),
                present(folds.stream(), Fold::failure).toList());
    }

    private static <T, P> Stream<P> present(Stream<T> all, Function<T, @Nullable P> part) {
        return all.map(part).filter(Objects::nonNull).map(Objects::requireNonNull);
    }
}
