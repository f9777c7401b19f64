package issueledger.analytics.facts;

import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The facts of all issues at one position. Immutable; a copy with changes shares what has not changed. */
public final class Facts {
    static final Facts NONE = new Facts(new IssueFacts[0][], 0, Long.MAX_VALUE, Long.MIN_VALUE);

    private static final int CHUNK = 256;

    private final IssueFacts[][] chunks;
    private final int size;
    private final long firstAt;
    private final long recordedAt;

    private Facts(IssueFacts[][] chunks, int size, long firstAt, long recordedAt) {
        this.chunks = chunks;
        this.size = size;
        this.firstAt = firstAt;
        this.recordedAt = recordedAt;
    }

    public int size() {
        return size;
    }

    /** The earliest effective time of all events in milliseconds; the largest number without one. */
    public long firstAt() {
        return firstAt;
    }

    /** The time of the last event's recording in milliseconds; the smallest number without one. */
    public long recordedAt() {
        return recordedAt;
    }

    /** In the order of their numbers. */
    public Stream<IssueFacts> stream() {
        return IntStream.range(0, size).mapToObj(this::get);
    }

    private IssueFacts get(int number) {
        return Objects.requireNonNull(chunks[number / CHUNK][number % CHUNK]);
    }

    /** These with others in the places of the same numbers; new ones have the next numbers. */
    @SuppressWarnings("ReferenceEquality") // A chunk is copied once.
    Facts with(Collection<IssueFacts> changed) {
        int newSize = size;
        long first = firstAt;
        long last = recordedAt;
        for (IssueFacts issue : changed) {
            newSize = Math.max(newSize, issue.number() + 1);
            first = Math.min(first, issue.firstAt());
            last = Math.max(last, issue.recordedAt());
        }
        IssueFacts[][] copy = Arrays.copyOf(chunks, (newSize + CHUNK - 1) / CHUNK);
        for (IssueFacts issue : changed) {
            int chunk = issue.number() / CHUNK;
            if (chunk >= chunks.length) {
                if (copy[chunk] == null) {
                    copy[chunk] = new IssueFacts[CHUNK];
                }
            } else if (copy[chunk] == chunks[chunk]) {
                copy[chunk] = chunks[chunk].clone();
            }
            copy[chunk][issue.number() % CHUNK] = issue;
        }
        return new Facts(copy, newSize, first, last);
    }
}
