package issueledger.audit;

import issueledger.log.CommitHash;
import issueledger.log.EventLog;
import issueledger.log.LogDamaged;
import issueledger.log.RecordedEvent;
import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The first line of an export. An export without events has {@code from} one beyond {@code to}.
 *
 * @param from the first position of the first commit
 * @param to the last position of the last commit
 * @param previousHash of the commit before, zeros if there is none
 * @param hash of the last commit; the previous hash if there are no events
 * @param checkpoint the newest signed checkpoint of at most {@code to} events, else the newest; null if there is none
 */
public record ExportHead(
        String format,
        long from,
        long to,
        String previousHash,
        String hash,
        @Nullable String checkpoint) {
    private static final String FORMAT = "issue-ledger/export/v2";

    /** Events of a commit that are read at a time. */
    private static final int PAGE = 200;

    /**
     * The head of an export of the commits that have positions from {@code first} to {@code last}, as far as the log has them now.
     *
     * @param checkpoints finds the checkpoint for a last position
     */
    static ExportHead of(EventLog log, long first, long last, LongFunction<@Nullable String> checkpoints) {
        long head = log.head().position();
        long to = last < head ? endOfCommit(log, last) : head;
        long from = first <= to ? Math.min(first, event(log, first).commit()) : to + 1;
        String previousHash = hashAt(log, from - 1);
        String hash = from > to ? previousHash : hashAt(log, to);
        return new ExportHead(FORMAT, from, to, previousHash, hash, checkpoints.apply(to));
    }

    private static long endOfCommit(EventLog log, long position) {
        if (position == 0) {
            return 0;
        }
        long commit = event(log, position).commit();
        long end = position;
        while (true) {
            List<RecordedEvent> page = log.read(end, PAGE);
            for (RecordedEvent event : page) {
                if (event.commit() != commit) {
                    return end;
                }
                end = event.position();
            }
            if (page.isEmpty()) {
                return end;
            }
        }
    }

    private static String hashAt(EventLog log, long position) {
        return position == 0 ? CommitHash.NONE : event(log, position).hash();
    }

    private static RecordedEvent event(EventLog log, long position) {
        List<RecordedEvent> found = log.read(position - 1, 1);
        if (found.isEmpty()) {
            throw LogDamaged.gap("the log does not have position " + position + "; restore it from a back-up");
        }
        return found.getFirst();
    }
}
