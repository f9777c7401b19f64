package issueledger.audit;

import issueledger.audit.Verdict.Difference;
import issueledger.audit.Verdict.What;
import issueledger.http.Problem;
import issueledger.log.EventLog;
import issueledger.log.LogVerifier;
import issueledger.log.LogVerifier.KeptHead;
import issueledger.log.LogVerifier.Verified;
import issueledger.log.RecordedEvent;
import issueledger.log.StreamTable;
import issueledger.projections.Projections;
import issueledger.projections.ReadYourWritesFilter;
import issueledger.projections.ViewAudit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One verification: the log first, then the views of every projection. */
final class Verification implements ViewAudit {
    private static final Logger LOG = LoggerFactory.getLogger(Verification.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int PAGE = 1_000;

    /** Maximum issues without a view to look for; the first one is reported. */
    private static final int MISSING = 1_000;

    /** A rebuild may replace the views that are compared. */
    private static final int TRIES = 3;

    private final EventLog log;
    private final Projections projections;
    private final @Nullable KeptHead kept;
    private final Progress progress;
    private final long to;
    private final LogVerifier verifier;
    private final long of;
    private long checked;
    private long base;

    /** Issues whose views were compared; while a projection is compared, its own. */
    private long views;

    private @Nullable Difference difference;
    private @Nullable Difference checkpoint;

    /** Gets the progress often; may wait, and may throw to end the verification. */
    interface Progress {
        /** @param of the events of the log, once for their hashes and once for each projection's views */
        void checked(long checked, long of);
    }

    Verification(EventLog log, Projections projections, @Nullable KeptHead kept, Progress progress) {
        this.log = log;
        this.projections = projections;
        this.kept = kept;
        this.progress = progress;
        this.verifier = new LogVerifier(log);
        this.to = log.head().position();
        this.of = to * (1 + projections.names().size());
    }

    /** 503 if there are no views to compare. */
    Verdict run() throws InterruptedException {
        long began = System.nanoTime();
        LOG.info("a verification begins: {} events", to);
        Verified verified = verifier.verify(to, kept, this::advance);
        LogVerifier.Difference inLog = verified.difference();
        if (inLog == null) {
            LOG.info("{} events are verified, {} erased", verified.events(), verified.erased());
            for (String projection : projections.names()) {
                compare(projection);
            }
            // The views may be as old as the checkpoint, and differ from the log for the same reason.
            difference = checkpoint == null ? difference : checkpoint;
        } else {
            difference = new Difference(
                    inLog.position(),
                    inLog.stream(),
                    What.valueOf(inLog.what().name()),
                    withoutDirectory(inLog.detail()));
        }
        Verdict verdict = new Verdict(
                difference == null,
                1,
                to,
                verified.commits(),
                verified.events(),
                views,
                verified.erased(),
                verified.hash(),
                difference);
        long milliseconds = (System.nanoTime() - began) / 1_000_000;
        if (verdict.ok()) {
            LOG.info("{} events and {} views are verified in {} ms", verdict.events(), views, milliseconds);
        } else {
            LOG.error("the verification found a difference: {}", difference);
        }
        return verdict;
    }

    /** The client learns a file's name; its directory is for the service's log alone. */
    private static String withoutDirectory(String detail) {
        return detail.replaceAll("\\S*/(\\S+\\.db)", "$1");
    }

    private void advance(long events) {
        checked = Math.max(checked, Math.min(events, of));
        progress.checked(checked, of);
    }

    private void compare(String projection) throws InterruptedException {
        base += to;
        long before = views;
        Difference earlier = difference; // Of another projection.
        for (int i = 0; i < TRIES; i++) {
            projections.await(to, PATIENCE);
            views = 0;
            checked = base;
            difference = earlier;
            verifier.streams().unmark();
            if (projections.verify(projection, this)) {
                LOG.info("{} views of {} are compared", views, projection);
                views = Math.max(before, views);
                return;
            }
        }
        throw notYet();
    }

    private Problem notYet() {
        return ReadYourWritesFilter.notYet(
                projections.position(), "The log is verified, and there are no views to compare yet: try again.");
    }

    @Override
    public void found(String issueId) {
        verifier.streams().mark(issueId);
    }

    @Override
    public void compared(long more, long events) {
        views += more;
        advance(Math.min(checked + events, base + to));
    }

    @Override
    public void differs(long position, @Nullable String issueId, String detail) {
        take(new Difference(position, issueId, What.VIEW, withoutDirectory(detail)));
    }

    @Override
    public void contradicts(long position, @Nullable String issueId, String detail) {
        checkpoint = new Difference(position, issueId, What.CHECKPOINT, detail);
    }

    @Override
    public void unreadable(long position, String issueId, String detail) {
        take(new Difference(position, issueId, What.UNREADABLE, detail));
    }

    private void take(Difference found) {
        if (difference == null || found.position() < difference.position()) {
            difference = found;
        }
    }

    @Override
    public List<Missing> missing() {
        StreamTable streams = verifier.streams();
        List<Missing> missing = new ArrayList<>();
        if (streams.marked() == streams.size()) {
            return missing;
        }
        for (long position = 0; position < to && missing.size() < MISSING; ) {
            List<RecordedEvent> page = log.read(position, (int) Math.min(PAGE, to - position));
            if (page.isEmpty()) {
                break;
            }
            page.stream()
                    .filter(event -> event.sequence() == 0 && !streams.isMarked(event.stream()))
                    .forEach(event -> missing.add(new Missing(event.position(), event.stream())));
            position = page.getLast().position();
            compared(0, 0);
        }
        return missing;
    }
}
