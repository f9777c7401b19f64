package issueledger.analytics.facts;

import issueledger.events.Requirement;
import issueledger.events.Severity;
import issueledger.events.Status;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one issue. Times are effective times in milliseconds; arrays are never changed.
 *
 * @param number its place in the {@link Facts}; each process gives its own
 * @param seen the last position that was folded
 * @param recordedAt of that position
 * @param firstAt the earliest effective time of its events
 * @param lastAt the latest
 * @param flags see {@link #has}
 * @param changes the status changes, packed, in the order of their positions
 * @param details packed {@link Details}
 */
@SuppressWarnings({
    "ArrayRecordComponent", // Never compared; a list would take more of the heap.
    "EnumOrdinal" // AnalyticsProjection.version is raised where an enumeration changes its order.
})
public record IssueFacts(
        String id,
        int number,
        long seen,
        long recordedAt,
        long firstAt,
        long lastAt,
        int flags,
        @Nullable Severity severity,
        @Nullable String assignee,
        String[] labels,
        String[] files,
        String[] endpoints,
        long[] changes,
        byte[] details) {

    static final Duration LATE = Duration.ofDays(30);
    private static final Duration IDLE = Duration.ofDays(30);

    private static final Severity[] SEVERITIES = Severity.values();

    /** The first flag of a waived requirement. */
    private static final int WAIVERS = 16;

    static final int HAS_PHASES = 1 << 24;
    static final int HAS_COMPARABLE_METRICS = 1 << 25;

    static int waived(Requirement requirement) {
        return 1 << (WAIVERS + requirement.ordinal());
    }

    public int changeCount() {
        return changes.length;
    }

    public Change change(int index) {
        return Change.of(changes[index]);
    }

    /** The effective time of a change. */
    public long changedAt(int index) {
        return Change.timeOf(changes[index]);
    }

    /** The last change, by position, of those before a time; -1 if there is none: the issue was not there. */
    public int lastChangeBefore(long end) {
        for (int i = changes.length - 1; i >= 0; i--) {
            if (changedAt(i) < end) {
                return i;
            }
        }
        return -1;
    }

    /** The last change of all. */
    public int lastChange() {
        return changes.length - 1;
    }

    public Status status() {
        return change(lastChange()).status();
    }

    public long openedAt() {
        return changedAt(0);
    }

    /** The number of reopenings. */
    public int reopened() {
        int count = 0;
        for (long change : changes) {
            count += Change.of(change) == Change.REOPENED ? 1 : 0;
        }
        return count;
    }

    /** The time of the fix that stands: the last one, unless the issue was reopened since. */
    public @Nullable Instant fixedAt() {
        return fixedAt(changes);
    }

    static @Nullable Instant fixedAt(long[] changes) {
        for (int i = changes.length - 1; i >= 0; i--) {
            Change change = Change.of(changes[i]);
            if (change == Change.REOPENED) {
                return null;
            } else if (change == Change.FIXED) {
                return Instant.ofEpochMilli(Change.timeOf(changes[i]));
            }
        }
        return null;
    }

    public boolean hasPhases() {
        return (flags & HAS_PHASES) != 0;
    }

    /** True if a series has a baseline and a measured value. */
    public boolean hasComparableMetrics() {
        return (flags & HAS_COMPARABLE_METRICS) != 0;
    }

    /** True if the check finds something to doubt. */
    public boolean has(Check check, long now) {
        return check == Check.IDLE_IN_PROGRESS ? isIdle(now) : (flags & check.flag()) != 0;
    }

    public boolean isDoubtful(long now) {
        return (flags & Check.flags()) != 0 || isIdle(now);
    }

    private boolean isIdle(long now) {
        return now - lastAt > IDLE.toMillis() && status() == Status.IN_PROGRESS;
    }

    /** The requirements that were waived. */
    public Set<Requirement> waivers() {
        Set<Requirement> waivers = EnumSet.noneOf(Requirement.class);
        for (Requirement requirement : Requirement.values()) {
            if ((flags & waived(requirement)) != 0) {
                waivers.add(requirement);
            }
        }
        return waivers;
    }

    public Details unpackedDetails() {
        return Details.unpacked(details);
    }

    public List<Details.Phase> phases() {
        return Details.phasesOf(details);
    }

    /** Roughly the bytes of heap that it takes, with its place in the tables; texts that are shared are not counted. */
    int heapBytes() {
        return 280
                + id.length()
                + 4 * (labels.length + files.length + endpoints.length)
                + 8 * changes.length
                + details.length;
    }

    IssueFacts numbered(int as) {
        return new IssueFacts(
                id,
                as,
                seen,
                recordedAt,
                firstAt,
                lastAt,
                flags,
                severity,
                assignee,
                labels,
                files,
                endpoints,
                changes,
                details);
    }

    /** All of it but id and number, as it is stored. */
    byte[] stored() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(seen);
            out.writeLong(recordedAt);
            out.writeLong(firstAt);
            out.writeLong(lastAt);
            out.writeInt(flags);
            out.writeByte(severity == null ? -1 : severity.ordinal());
            out.writeBoolean(assignee != null);
            if (assignee != null) {
                out.writeUTF(assignee);
            }
            write(out, labels);
            write(out, files);
            write(out, endpoints);
            out.writeInt(changes.length);
            for (long change : changes) {
                out.writeLong(change);
            }
            out.writeInt(details.length);
            out.write(details);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, String[] texts) throws IOException {
        out.writeShort(texts.length);
        for (String text : texts) {
            out.writeUTF(text);
        }
    }

    /** @param shared gives equal texts as one object */
    static IssueFacts of(String id, byte[] stored, UnaryOperator<String> shared) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(stored))) {
            long seen = in.readLong();
            long recordedAt = in.readLong();
            long firstAt = in.readLong();
            long lastAt = in.readLong();
            int flags = in.readInt();
            int severity = in.readByte();
            String assignee = in.readBoolean() ? shared.apply(in.readUTF()) : null;
            String[] labels = read(in, shared);
            String[] files = read(in, shared);
            String[] endpoints = read(in, shared);
            long[] changes = new long[in.readInt()];
            for (int i = 0; i < changes.length; i++) {
                changes[i] = in.readLong();
            }
            byte[] details = in.readNBytes(in.readInt());
            return new IssueFacts(
                    id,
                    -1,
                    seen,
                    recordedAt,
                    firstAt,
                    lastAt,
                    flags,
                    severity < 0 ? null : SEVERITIES[severity],
                    assignee,
                    labels,
                    files,
                    endpoints,
                    changes,
                    details);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final String[] NONE = {};

    private static String[] read(DataInputStream in, UnaryOperator<String> shared) throws IOException {
        int count = in.readUnsignedShort();
        List<String> texts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            texts.add(shared.apply(in.readUTF()));
        }
        return array(texts);
    }

    static String[] array(List<String> texts) {
        return texts.isEmpty() ? NONE : texts.toArray(String[]::new);
    }
}
