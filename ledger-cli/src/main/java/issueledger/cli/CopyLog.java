package issueledger.cli;

import issueledger.log.AppendResult.Appended;
import issueledger.log.AppendResult.Outcome;
import issueledger.log.Commit;
import issueledger.log.Commit.IdempotencyKey;
import issueledger.log.CommitHash;
import issueledger.log.Erasure;
import issueledger.log.EventLog;
import issueledger.log.LogDamaged;
import issueledger.log.LogHead;
import issueledger.log.LogUnavailable;
import issueledger.log.NewEvent;
import issueledger.log.RecordedEvent;
import issueledger.log.mongo.MongoDeployment;
import issueledger.log.mongo.MongoErasing;
import issueledger.log.sqlite.SqliteErasing;
import issueledger.log.sqlite.SqliteEventLog;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Copies a log into another store, which may be empty or hold the beginning of it: {@code ./ledger copy-log FROM TO}. Events already there
 * are compared, and each commit's hash is computed again before it is copied. At the end both logs are equal and their chain is whole;
 * otherwise the copy has stopped before the first commit that differs.
 */
final class CopyLog {
    private static final int PAGE = 1_000;
    private static final int PROGRESS = 10_000;

    /** How long a store may be away, as while another member of a replica set becomes the primary. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final Duration PAUSE = Duration.ofMillis(200);

    private final EventLog from;
    private final EventLog to;
    private final GivenClock clock;
    private final PrintStream out;
    private final List<RecordedEvent> commit = new ArrayList<>();
    private final List<List<RecordedEvent>> batch = new ArrayList<>();
    private String hash = CommitHash.NONE;
    private long begun;
    private long copied;

    /** The time of the commits that are appended next. */
    static final class GivenClock extends Clock {
        private volatile Instant now = Instant.EPOCH;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("the log's times are in UTC");
        }
    }

    /** @param clock that {@code to} was opened with */
    CopyLog(EventLog from, EventLog to, GivenClock clock, PrintStream out) {
        this.from = from;
        this.to = to;
        this.clock = clock;
        this.out = out;
    }

    /** Copies from one to the other, each a path or a connection string. */
    static LogHead copy(String from, String to, PrintStream out) {
        if (!isMongo(from) && !Files.exists(Path.of(from))) {
            throw refused(from + " is not there");
        }
        GivenClock clock = new GivenClock();
        try (Opened source = Opened.open(from, Clock.systemUTC());
                Opened target = Opened.open(to, clock)) {
            return new CopyLog(source.log(), target.log(), clock, out)
                    .copy(() -> target.copyErasures(source.log().erasures(), to));
        }
    }

    static boolean isMongo(String where) {
        return where.startsWith("mongodb://") || where.startsWith("mongodb+srv://");
    }

    private record Opened(EventLog log, @Nullable MongoDeployment deployment) implements AutoCloseable {
        static Opened open(String where, Clock clock) {
            if (!isMongo(where)) {
                return new Opened(SqliteEventLog.open(Path.of(where), clock), null);
            }
            MongoDeployment deployment = MongoDeployment.open(where);
            return new Opened(deployment.log(clock), deployment);
        }

        void copyErasures(List<Erasure> erasures, String where) {
            if (erasures.isEmpty()) {
                return;
            }
            if (deployment == null) {
                SqliteErasing.copy(Path.of(where), erasures);
            } else {
                MongoErasing.copy(deployment, erasures);
            }
        }

        @Override
        public void close() {
            log.close();
            if (deployment != null) {
                deployment.close();
            }
        }
    }

    LogHead copy() {
        return copy(() -> {});
    }

    /** @param before done once the target is known to hold the beginning of the source */
    private LogHead copy(Runnable before) {
        LogHead end = patiently(from::head);
        LogHead standing = patiently(to::head);
        requireBeginning(standing, end);
        begun = standing.position();
        compare();
        before.run();
        if (end.position() > begun) {
            out.printf("copying positions %d to %d%n", begun + 1, end.position());
        }
        copied = begun;
        while (copied + waiting() < end.position()) {
            page(from, copied + waiting()).forEach(this::take);
        }
        endCommit();
        append();
        LogHead head = patiently(to::head);
        if (!head.equals(end)) {
            throw refused("the copy ends at position " + head.position() + " with hash " + head.hash()
                    + ", the source at " + end.position() + " with " + end.hash()
                    + ": does something else write to the copy?");
        }
        out.printf(
                "%d events in %d commits are the same in both; the last hash is %s%n",
                head.position(), head.commits(), head.hash());
        return head;
    }

    /** Compares the events that the target already holds. */
    private void compare() {
        if (begun > 0) {
            out.printf("comparing positions 1 to %d, which are there already%n", begun);
        }
        long compared = 0;
        while (compared < begun) {
            List<RecordedEvent> ours = page(from, compared);
            List<RecordedEvent> theirs = page(to, compared);
            int count = (int) Math.min(begun - compared, Math.min(ours.size(), theirs.size()));
            for (int i = 0; i < count; i++) {
                if (!ours.get(i).withoutErasure().equals(theirs.get(i).withoutErasure())) {
                    throw refused("position " + ours.get(i).position() + " is not the same in both"
                            + (ours.get(i).erased() == null ? "" : ": it was erased since it was copied; copy anew"));
                }
                take(ours.get(i));
            }
            report(compared, compared + count, "compared");
            compared += count;
        }
        endCommit();
    }

    private List<RecordedEvent> page(EventLog log, long after) {
        List<RecordedEvent> page = patiently(() -> log.read(after, PAGE));
        if (page.isEmpty()) {
            throw refused("nothing comes after position " + after + " any more: is the log being restored?");
        }
        return page;
    }

    private void report(long before, long now, String what) {
        if (before / PROGRESS != now / PROGRESS) {
            out.printf("%d events are %s%n", now, what);
        }
    }

    /** Retries while the store is away, but never an append that may have landed. */
    private static <T> T patiently(Supplier<T> asked) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return asked.get();
            } catch (LogDamaged e) {
                throw e;
            } catch (LogUnavailable e) {
                if (e.outcome() == LogUnavailable.Outcome.UNKNOWN || System.nanoTime() > end) {
                    throw e;
                }
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw refused("interrupted");
            }
        }
    }

    /** Refuses a target that does not hold the beginning of the source. */
    private void requireBeginning(LogHead standing, LogHead end) {
        if (standing.position() == 0) {
            return;
        }
        List<RecordedEvent> last = standing.position() > end.position()
                ? List.of()
                : patiently(() -> from.read(standing.position() - 1, 1));
        if (last.isEmpty() || !last.get(0).hash().equals(standing.hash())) {
            throw refused("the target holds another log: its hash at position " + standing.position() + " is "
                    + standing.hash()
                    + (last.isEmpty()
                            ? ", beyond the source's end"
                            : ", the source's is " + last.get(0).hash()));
        }
    }

    private long waiting() {
        return batch.stream().mapToLong(List::size).sum() + commit.size();
    }

    private void take(RecordedEvent event) {
        if (!commit.isEmpty() && commit.get(0).commit() != event.commit()) {
            endCommit();
        }
        commit.add(event);
    }

    /** Commits of one time are appended together. */
    private void endCommit() {
        if (commit.isEmpty()) {
            return;
        }
        requireHash();
        if (commit.get(0).position() <= begun) {
            commit.clear();
            return;
        }
        if (!batch.isEmpty()
                && !batch.get(0).get(0).recordedAt().equals(commit.get(0).recordedAt())) {
            append();
        }
        batch.add(List.copyOf(commit));
        commit.clear();
    }

    /** Refuses a commit of the source whose content does not match its hash. */
    private void requireHash() {
        RecordedEvent first = commit.get(0);
        hash = CommitHash.of(hash, first.position(), newEvents(commit), first.recordedAt());
        if (!hash.equals(first.hash())) {
            throw refused("position " + first.position() + " is not as it was written: its hash is " + first.hash()
                    + ", and " + hash + " of what stands there");
        }
    }

    private void append() {
        if (batch.isEmpty()) {
            return;
        }
        clock.now = batch.get(0).get(0).recordedAt();
        List<Commit> commits = batch.stream().map(CopyLog::commit).toList();
        List<Outcome> outcomes = patiently(() -> to.append(commits).outcomes());
        for (int i = 0; i < outcomes.size(); i++) {
            RecordedEvent first = batch.get(i).get(0);
            if (!(outcomes.get(i) instanceof Appended appended)
                    || appended.first() != first.position()
                    || !appended.hash().equals(first.hash())) {
                throw refused("position " + first.position() + " did not become the same in the copy ("
                        + outcomes.get(i) + "): does something else write to it?");
            }
        }
        long before = copied;
        copied += batch.stream().mapToLong(List::size).sum();
        batch.clear();
        report(before, copied, "copied");
    }

    private static Commit commit(List<RecordedEvent> events) {
        RecordedEvent first = events.get(0);
        return new Commit(
                newEvents(events),
                first.key() == null ? null : new IdempotencyKey(first.key()),
                first.request(),
                Map.of());
    }

    private static List<NewEvent> newEvents(List<RecordedEvent> events) {
        return events.stream().map(RecordedEvent::asNew).toList();
    }

    private static LogUnavailable refused(String why) {
        return new LogUnavailable(LogUnavailable.Outcome.NOT_APPENDED, why, null);
    }
}
