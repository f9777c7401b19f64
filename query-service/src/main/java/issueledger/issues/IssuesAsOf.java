package issueledger.issues;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import issueledger.admission.Admission;
import issueledger.admission.AdmissionValve;
import issueledger.admission.Overloaded.Reason;
import issueledger.admission.Traffic.Lane;
import issueledger.admission.Turns.Turn;
import issueledger.issues.IssueQuery.Cursor;
import issueledger.issues.IssueQuery.Moment;
import issueledger.issues.Issues.Row;
import issueledger.issues.PastIssues.Base;
import issueledger.log.EventLog;
import issueledger.log.RecordedEvent;
import issueledger.projections.PastViews;
import issueledger.projections.Projections;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Lists of issues as the ledger knew them at a moment. A moment at most 10,000 events from the present, from the beginning or from
 * one that was folded before is answered from these views and the issues that changed between; for any other one the log is folded up
 * to it, by the fold of the live views, into a temporary file.
 */
@Component
class IssuesAsOf implements DisposableBean {
    private static final Issues NO_ISSUES = new NoIssues();

    private static final int NEAR = 10_000;

    private static final int PAGE = 10_000;

    /** Maximum number of temporary files. */
    private static final int FOLDED = 3;

    /** Maximum number of moments whose files are made or waited for. */
    private static final int MOST_WAITING = 8;

    private static final Duration IDLE = Duration.ofMinutes(10);

    private final EventLog log;
    private final IssuesProjection projection;
    private final Projections projections;
    private final IssueLookup lookup;
    private final Replay replay;
    private final Admission admission;
    private final Clock clock;
    private final int near;

    /** One thread: a fold leaves the other processors to live requests. */
    private final ForkJoinPool folding = new ForkJoinPool(1);

    /** Guarded by itself; the last used one is the last. */
    private final List<Folded> folds = new ArrayList<>();

    private final Cache<Long, PastIssues> moments = Caffeine.newBuilder()
            .maximumWeight(Runtime.getRuntime().maxMemory() / 32)
            .weigher((Long position, PastIssues past) -> 1_024 + 2 * past.size())
            .expireAfterAccess(IDLE)
            .executor(Runnable::run)
            .build();

    /** The views of one moment, or their making. */
    private static final class Folded {
        private final long position;
        private final CompletableFuture<PastViews> views;
        private long usedAt = System.nanoTime();

        Folded(long position, CompletableFuture<PastViews> views) {
            this.position = position;
            this.views = views;
        }
    }

    @Autowired
    IssuesAsOf(
            EventLog log,
            IssuesProjection projection,
            Projections projections,
            IssueLookup lookup,
            Replay replay,
            Admission admission,
            Clock clock) {
        this(log, projection, projections, lookup, replay, admission, clock, NEAR);
    }

    /** @param near maximum events between a moment and views that it is answered from */
    IssuesAsOf(
            EventLog log,
            IssuesProjection projection,
            Projections projections,
            IssueLookup lookup,
            Replay replay,
            Admission admission,
            Clock clock,
            int near) {
        this.log = log;
        this.projection = projection;
        this.projections = projections;
        this.lookup = lookup;
        this.replay = replay;
        this.admission = admission;
        this.clock = clock;
        this.near = near;
    }

    /** The moment of a list: its cursor's, if there is one. */
    Moment moment(Instant asOf, @Nullable Cursor cursor) {
        Long pinned = cursor == null ? null : cursor.position();
        return new Moment(asOf, pinned == null ? log.positionAt(asOf) : pinned);
    }

    /** One page of the list at a moment. */
    List<Row> list(Moment moment, IssueQuery query, @Nullable Cursor cursor, int limit, HttpServletRequest request) {
        long position = Math.min(moment.position(), log.head().position());
        PastIssues past = moments.getIfPresent(position);
        if (past == null) {
            past = new PastIssues(base(position, request), id -> replay.lastGood(id, position));
        }
        List<Row> rows = past.list(query, cursor, limit);
        moments.put(position, past); // Again, since its size may have changed.
        return rows;
    }

    private Base base(long position, HttpServletRequest request) {
        long head = log.head().position();
        if (head - position <= Math.min(near, position)) {
            return new Present(position);
        }
        if (position <= near) {
            return new Beginning(position);
        }
        Folded near = near(position);
        PastViews views = await(near == null ? fold(position) : near, request);
        Issues issues = ((IssuesModel) views.model()).issues();
        long from = Math.min(position, views.position());
        long to = Math.max(position, views.position());
        return new Base() {
            @Override
            public Issues issues() {
                return issues;
            }

            @Override
            public Set<String> changed() {
                return issuesBetween(from, to);
            }
        };
    }

    /** The live views. */
    private final class Present implements Base {
        private long read;

        Present(long position) {
            read = Math.min(position, projections.position());
        }

        @Override
        public Issues issues() {
            return lookup.live();
        }

        /** Up to the head of the log, which the views do not pass. */
        @Override
        public Set<String> changed() {
            long head = log.head().position();
            Set<String> changed = issuesBetween(read, head);
            read = head;
            return changed;
        }
    }

    /** No views: each issue is folded. */
    private final class Beginning implements Base {
        private final long position;

        Beginning(long position) {
            this.position = position;
        }

        @Override
        public Issues issues() {
            return NO_ISSUES;
        }

        @Override
        public Set<String> changed() {
            return issuesBetween(0, position);
        }
    }

    private Set<String> issuesBetween(long from, long to) {
        Set<String> issues = new HashSet<>();
        for (long read = from; read < to; ) {
            List<RecordedEvent> page = log.read(read, (int) Math.min(PAGE, to - read));
            page.forEach(event -> issues.add(event.stream()));
            read += page.size();
        }
        return issues;
    }

    private @Nullable Folded near(long position) {
        synchronized (folds) {
            Optional<Folded> nearest = folds.stream()
                    .filter(fold -> Math.abs(fold.position - position) <= near)
                    .filter(fold -> !fold.views.isCompletedExceptionally())
                    .min(Comparator.comparingLong(fold -> Math.abs(fold.position - position)));
            nearest.ifPresent(fold -> {
                folds.remove(fold);
                folds.add(fold);
                fold.usedAt = System.nanoTime();
            });
            return nearest.orElse(null);
        }
    }

    private Folded fold(long position) {
        synchronized (folds) {
            long now = System.nanoTime();
            folds.removeIf(fold -> fold.views.isCompletedExceptionally());
            List<Folded> done =
                    folds.stream().filter(fold -> fold.views.isDone()).toList();
            int surplus = done.size() + 1 - FOLDED;
            for (Folded fold : done) {
                if (surplus-- > 0 || now - fold.usedAt > IDLE.toNanos()) {
                    folds.remove(fold);
                    drop(fold);
                }
            }
            if (folds.size() >= MOST_WAITING) {
                throw admission.turns(Lane.LONG).refusal(Reason.LONG_REQUESTS);
            }
            Folded fold = new Folded(
                    position,
                    CompletableFuture.supplyAsync(() -> PastViews.fold(projection, log, position, clock), folding));
            folds.add(fold);
            return fold;
        }
    }

    /** Removes the file, and the moments that are answered from it. */
    private void drop(Folded fold) {
        moments.asMap().keySet().removeIf(position -> Math.abs(position - fold.position) <= near);
        var unused = fold.views.thenAccept(PastViews::close);
    }

    /** A request that has to wait releases its place meanwhile. */
    private static PastViews await(Folded fold, HttpServletRequest request) {
        Turn turn = AdmissionValve.turnOf(request);
        boolean paused = turn != null && !fold.views.isDone();
        if (paused && turn != null) {
            turn.pause(Reason.LONG_REQUESTS);
        }
        try {
            return fold.views.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        } finally {
            if (paused && turn != null) {
                turn.resume();
            }
        }
    }

    @Override
    public void destroy() {
        folding.shutdownNow();
        synchronized (folds) {
            folds.forEach(this::drop);
            folds.clear();
        }
    }
}
