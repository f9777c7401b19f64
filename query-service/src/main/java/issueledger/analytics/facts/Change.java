package issueledger.analytics.facts;

import issueledger.events.Resolution;
import issueledger.events.Status;
import org.jspecify.annotations.Nullable;

/** A status change. Stored by its ordinal: new ones go to the end. */
@SuppressWarnings("EnumOrdinal")
public enum Change {
    OPENED(Status.OPEN, null),
    WORK_STARTED(Status.IN_PROGRESS, null),
    TESTING_STARTED(Status.TESTING, null),
    WORK_RESUMED(Status.IN_PROGRESS, null),
    FIXED(Status.FIXED, null),
    CLOSED_CONFIRMED(Status.CLOSED, Resolution.CONFIRMED),
    CLOSED_DUPLICATE(Status.CLOSED, Resolution.DUPLICATE),
    CLOSED_WONT_FIX(Status.CLOSED, Resolution.WONT_FIX),
    CLOSED_NOT_REPRODUCIBLE(Status.CLOSED, Resolution.NOT_REPRODUCIBLE),
    REOPENED(Status.OPEN, null);

    private static final Change[] ALL = values();

    /** A change and its time in one number: the lowest four bits are the change. */
    private static final int BITS = 4;

    private final Status status;
    private final @Nullable Resolution resolution;

    Change(Status status, @Nullable Resolution resolution) {
        this.status = status;
        this.resolution = resolution;
    }

    /** The status after it. */
    public Status status() {
        return status;
    }

    /** Null unless it closes the issue. */
    public @Nullable Resolution resolution() {
        return resolution;
    }

    public boolean isClosing() {
        return status == Status.CLOSED;
    }

    static Change closedWith(Resolution resolution) {
        return switch (resolution) {
            case CONFIRMED -> CLOSED_CONFIRMED;
            case DUPLICATE -> CLOSED_DUPLICATE;
            case WONT_FIX -> CLOSED_WONT_FIX;
            case NOT_REPRODUCIBLE -> CLOSED_NOT_REPRODUCIBLE;
        };
    }

    long at(long milliseconds) {
        return (milliseconds << BITS) | ordinal();
    }

    static Change of(long packed) {
        return ALL[(int) (packed & ((1 << BITS) - 1))];
    }

    static long timeOf(long packed) {
        return packed >> BITS;
    }
}
