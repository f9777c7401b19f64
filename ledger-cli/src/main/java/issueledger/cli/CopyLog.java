package issueledger.cli;

import issueledger.log.AppendResult.Appended;
import issueledger.log.AppendResult.Outcome;
import issueledger.log.Commit;
import issueledger.log.Commit.IdempotencyKey;
import issueledger.log.EventLog;
import issueledger.log.LogDamaged;
import issueledger.log.LogHead;
import issueledger.log.LogUnavailable;
import issueledger.log.RecordedEvent;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

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
    private final PrintStream out;
    private final HashChain chain = new HashChain(this::add);
    private final List<List<RecordedEvent>> batch = new ArrayList<>();
    private long batched;
    private long begun;
    private long copied;

    CopyLog(EventLog from, EventLog to, PrintStream out) {
        this.from = from;
        this.to = to;
        this.out = out;
    }

    /** Copies from one to the other, each a path or a connection string. */
    static LogHead copy(String from, String to, PrintStream out) {
        try (OpenedLog source = OpenedLog.existing(from);
                OpenedLog target = OpenedLog.open(to)) {
            LogHead head = copy(source.log(), target, out);
            out.printf(
                    "%d events in %d commits are the same in both; the last hash is %s%n",
                    head.position(), head.commits(), head.hash());
            return head;
        }
    }

    /** Copies events and erasures up to the head that the source has now. */
    static LogHead copy(EventLog from, OpenedLog to, PrintStream out) {
        return new CopyLog(from, to.log(), out).copy(() -> to.addErasures(from.erasures()));
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
        while (chain.position() < end.position()) {
            page(from, chain.position(), end.position()).forEach(chain::take);
        }
        chain.end();
        append();
        LogHead head = patiently(to::head);
        if (!head.equals(end)) {
            throw refused("the copy ends at position " + head.position() + " with hash " + head.hash()
                    + ", the source at " + end.position() + " with " + end.hash()
                    + ": does something else write to the copy?");
        }
        return head;
    }

    /** Compares the events that the target already holds. */
    private void compare() {
        if (begun > 0) {
            out.printf("comparing positions 1 to %d, which are there already%n", begun);
        }
        while (chain.position() < begun) {
            long compared = chain.position();
            List<RecordedEvent> ours = page(from, compared, begun);
            List<RecordedEvent> theirs = page(to, compared, begun);
            int count = Math.min(ours.size(), theirs.size());
            for (int i = 0; i < count; i++) {
                if (!ours.get(i).withoutErasure().equals(theirs.get(i).withoutErasure())) {
                    throw refused("position " + ours.get(i).position() + " is not the same in both"
                            + (ours.get(i).erased() == null ? "" : ": it was erased since it was copied; copy anew"));
                }
                chain.take(ours.get(i));
            }
            report(compared, chain.position(), "compared");
        }
        chain.end();
    }

    /** Events after one position and up to another. */
    private static List<RecordedEvent> page(EventLog log, long after, long end) {
        List<RecordedEvent> page = patiently(() -> log.read(after, (int) Math.min(PAGE, end - after)));
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

    private void add(List<RecordedEvent> commit) {
        if (commit.get(0).position() <= begun) {
            return;
        }
        batch.add(commit);
        batched += commit.stream()
                .mapToLong(event -> event.payload().length() + event.metadata().length())
                .sum();
        if (batch.size() >= PAGE || batched >= EventLog.PAGE_CHARACTERS) {
            append();
        }
    }

    private void append() {
        if (batch.isEmpty()) {
            return;
        }
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
        batched = 0;
        report(before, copied, "copied");
    }

    /** The same commit for another log. */
    static Commit commit(List<RecordedEvent> events) {
        RecordedEvent first = events.get(0);
        return new Commit(
                events.stream().map(RecordedEvent::asNew).toList(),
                first.key() == null ? null : new IdempotencyKey(first.key()),
                first.request(),
                Map.of(),
                first.recordedAt());
    }

    private static LogUnavailable refused(String why) {
        return new LogUnavailable(LogUnavailable.Outcome.NOT_APPENDED, why, null);
    }
}
