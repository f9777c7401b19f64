package issueledger.projections;

import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.projections.Generation.Checkpoint;
import issueledger.projections.Generation.Parked;
import issueledger.projections.ReadModel.Changes;
import issueledger.projections.ReadModel.Failure;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A generation with its read model: applies events to it and parks those that cannot be applied. */
final class Filling {
    private static final Logger LOG = LoggerFactory.getLogger(Filling.class);

    private final Generation generation;
    private final ReadModel model;
    private final Clock clock;
    private final Map<String, Long> parkedIssues;
    private final AtomicLong parked = new AtomicLong();
    private volatile Checkpoint checkpoint;

    /** @throws ViewsDamaged if the stored views cannot be read */
    Filling(Projection projection, Generation generation, Clock clock) {
        this.generation = generation;
        this.clock = clock;
        this.checkpoint = generation.checkpoint();
        this.parkedIssues = new ConcurrentHashMap<>(generation.parkedIssues());
        this.parked.set(generation.parkedCount());
        this.model = projection.open(generation);
    }

    Generation generation() {
        return generation;
    }

    ReadModel model() {
        return model;
    }

    Checkpoint checkpoint() {
        return checkpoint;
    }

    long position() {
        return checkpoint.position();
    }

    long parked() {
        return parked.get();
    }

    /** The first parked position of an issue; null if it has none. */
    @Nullable
    Long parkedAt(String issue) {
        return parkedIssues.get(issue);
    }

    /** The first parked position of all; null if there is none. */
    @Nullable
    Long firstParked() {
        return parkedIssues.values().stream().min(Long::compare).orElse(null);
    }

    /** Reads what another process has written. */
    void refresh() {
        Checkpoint stored = generation.checkpoint();
        long count = generation.parkedCount();
        if (count != parked.get() || !stored.equals(checkpoint)) {
            model.refresh();
        }
        if (count != parked.get()) {
            Map<String, Long> issues = generation.parkedIssues();
            parkedIssues.keySet().retainAll(issues.keySet());
            parkedIssues.putAll(issues);
            parked.set(count);
        }
        checkpoint = stored;
    }

    /**
     * Applies the next events of the log.
     *
     * @param erasures the number of erasures in the log
     * @return false if another process feeds these views now
     */
    boolean apply(List<RecordedEvent> batch, int erasures) {
        List<RecordedEvent> free = parkedIssues.isEmpty()
                ? batch
                : batch.stream()
                        .filter(event -> !parkedIssues.containsKey(event.stream()))
                        .toList();
        Changes changes = model.fold(free);
        Map<String, Failure> failures = byIssue(changes.failures());
        List<Parked> put =
                failures.isEmpty() && free.size() == batch.size() ? List.of() : parked(batch, failures, parkedIssues);
        RecordedEvent last = batch.getLast();
        if (!generation.write(changes::write, put, List.of(), new Checkpoint(last.position(), last.hash(), erasures))) {
            return false;
        }
        changes.committed();
        put.forEach(event -> {
            parkedIssues.putIfAbsent(event.issueId(), event.position());
            LOG.error(
                    "parked event {} ({} of issue {}): {}",
                    event.position(),
                    event.type(),
                    event.issueId(),
                    event.error());
        });
        if (!put.isEmpty()) {
            parked.set(generation.parkedCount()); // Some may have been parked before, if the batch is delivered again.
        }
        checkpoint = new Checkpoint(last.position(), last.hash(), erasures);
        return true;
    }

    private static Map<String, Failure> byIssue(Collection<Failure> failures) {
        Map<String, Failure> byIssue = new HashMap<>();
        failures.forEach(failure -> byIssue.put(failure.event().stream(), failure));
        return byIssue;
    }

    private List<Parked> parked(
            List<RecordedEvent> batch, Map<String, Failure> failures, Map<String, Long> parkedBefore) {
        Instant now = clock.instant();
        List<Parked> parked = new ArrayList<>();
        for (RecordedEvent event : batch) {
            Failure failure = failures.get(event.stream());
            Long before = parkedBefore.get(event.stream());
            if (failure != null && event.position() == failure.event().position()) {
                parked.add(parked(event, failure.error(), now));
            } else if (failure != null && event.position() > failure.event().position()) {
                parked.add(parked(event, after(failure.event().position()), now));
            } else if (before != null && event.position() > before) {
                parked.add(parked(event, after(before), now));
            }
        }
        return parked;
    }

    private static String after(long first) {
        return "event " + first + " of this issue is parked";
    }

    private static Parked parked(RecordedEvent event, String error, Instant at) {
        return new Parked(event.position(), event.stream(), event.type(), error, at);
    }

    /**
     * Applies the parked events again, issue by issue in the order of their first positions.
     *
     * @return the number of events that were parked before
     */
    long retry(EventLog log) {
        long before = parked.get();
        List<String> issues = parkedIssues.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .toList();
        for (String issue : issues) {
            retry(log, issue);
        }
        parked.set(generation.parkedCount());
        return before;
    }

    private void retry(EventLog log, String issue) {
        Long first = parkedIssues.get(issue);
        List<RecordedEvent> events = log.readStream(issue, 0)
                .filter(event -> first != null && event.position() >= first && event.position() <= position())
                .toList();
        Changes changes = model.fold(events);
        List<Parked> still = parked(events, byIssue(changes.failures()), Map.of());
        if (!generation.write(changes::write, still, List.of(issue), checkpoint)) {
            throw new ViewsUnavailable("another process feeds these views now", null);
        }
        changes.committed();
        if (still.isEmpty()) {
            parkedIssues.remove(issue);
            LOG.info("the parked events of issue {} are applied", issue);
        } else {
            parkedIssues.put(issue, still.getFirst().position());
        }
    }
}
