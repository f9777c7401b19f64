package issueledger.copy;

import issueledger.events.EventJson;
import issueledger.log.AppendResult.Appended;
import issueledger.log.AppendResult.Outcome;
import issueledger.log.Commit;
import issueledger.log.Commit.IdempotencyKey;
import issueledger.log.EventLog;
import issueledger.log.LogHead;
import issueledger.log.LogUnavailable;
import issueledger.log.NewEvent;
import issueledger.log.RecordedEvent;
import issueledger.log.mongo.MongoDeployment;
import issueledger.log.sqlite.SqliteEventLog;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Copies a log into another store, which may be empty or hold the beginning of it: {@code ./run copy-log FROM TO}. Each commit's hash, made
 * anew from what the target stores, must be the source's: at the end the two logs are the same, or the copy has stopped where they differ.
 */
public final class CopyLog {
    private static final int PAGE = 10_000;
    private static final int PROGRESS = 10_000;

    private final EventLog from;
    private final EventLog to;
    private final GivenClock clock;
    private final PrintStream out;
    private final List<RecordedEvent> commit = new ArrayList<>();
    private final List<List<RecordedEvent>> batch = new ArrayList<>();
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

    public static void main(String[] arguments) {
        if (arguments.length != 2) {
            System.err.println("usage: ./run copy-log FROM TO, each a data file such as data/events.db or a MongoDB"
                    + " connection string with a database's name");
            System.exit(2);
        }
        try {
            copy(arguments[0], arguments[1], System.out);
        } catch (LogUnavailable e) {
            System.err.println("The log cannot be copied: " + e.getMessage());
            System.exit(1);
        }
        System.exit(0); // The driver's threads would keep the process for a while.
    }

    /** Copies from one to the other, each a path or a connection string. */
    static LogHead copy(String from, String to, PrintStream out) {
        if (!isMongo(from) && !Files.exists(Path.of(from))) {
            throw refused(from + " is not there");
        }
        GivenClock clock = new GivenClock();
        try (Opened source = Opened.open(from, Clock.systemUTC());
                Opened target = Opened.open(to, clock)) {
            return new CopyLog(source.log(), target.log(), clock, out).copy();
        }
    }

    private static boolean isMongo(String where) {
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

        @Override
        public void close() {
            log.close();
            if (deployment != null) {
                deployment.close();
            }
        }
    }

    LogHead copy() {
        LogHead end = from.head();
        LogHead begun = to.head();
        requireBeginning(begun, end);
        out.printf(
                "copying positions %d to %d%s%n",
                begun.position() + 1, end.position(), begun.position() > 0 ? ", the rest is there already" : "");
        copied = begun.position();
        while (copied + waiting() < end.position()) {
            for (RecordedEvent event : from.read(copied + waiting(), PAGE)) {
                take(event);
            }
        }
        endCommit();
        append();
        LogHead head = to.head();
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

    /** What the target holds already must be how the source begins. */
    private void requireBeginning(LogHead begun, LogHead end) {
        if (begun.position() == 0) {
            return;
        }
        List<RecordedEvent> last = begun.position() > end.position() ? List.of() : from.read(begun.position() - 1, 1);
        if (last.isEmpty() || !last.get(0).hash().equals(begun.hash())) {
            throw refused(
                    "the target holds another log: its hash at position " + begun.position() + " is " + begun.hash()
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
        if (!batch.isEmpty()
                && !batch.get(0).get(0).recordedAt().equals(commit.get(0).recordedAt())) {
            append();
        }
        batch.add(List.copyOf(commit));
        commit.clear();
    }

    private void append() {
        if (batch.isEmpty()) {
            return;
        }
        clock.now = batch.get(0).get(0).recordedAt();
        List<Outcome> outcomes =
                to.append(batch.stream().map(CopyLog::commit).toList()).outcomes();
        for (int i = 0; i < outcomes.size(); i++) {
            RecordedEvent first = batch.get(i).get(0);
            if (!(outcomes.get(i) instanceof Appended appended)
                    || appended.first() != first.position()
                    || !appended.hash().equals(first.hash())) {
                throw refused(
                        "position " + first.position() + " did not become the same in the copy (" + outcomes.get(i)
                                + "): does something else write to it, or is the source not as it was written?");
            }
        }
        long before = copied;
        copied += batch.stream().mapToLong(List::size).sum();
        batch.clear();
        if (before / PROGRESS != copied / PROGRESS) {
            out.printf("%d events are copied%n", copied);
        }
    }

    private static Commit commit(List<RecordedEvent> events) {
        JsonNode metadata = EventJson.MAPPER.readTree(events.get(0).metadata());
        JsonNode key = metadata.get("idempotencyKey");
        return new Commit(
                events.stream()
                        .map(e -> new NewEvent(
                                e.id(), e.stream(), e.sequence(), e.type(), e.revision(), e.payload(), e.metadata()))
                        .toList(),
                key == null || key.isNull()
                        ? null
                        : new IdempotencyKey(
                                Objects.requireNonNull(metadata.get("actor")).stringValue(), key.stringValue()));
    }

    private static LogUnavailable refused(String why) {
        return new LogUnavailable(LogUnavailable.Outcome.NOT_APPENDED, why, null);
    }
}
