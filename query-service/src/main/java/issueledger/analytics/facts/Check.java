package issueledger.analytics.facts;

/** A reason to doubt the figures of an issue; docs/api.md defines each. Stored by its ordinal: new ones go to the end. */
@SuppressWarnings("EnumOrdinal")
public enum Check {
    LATE_FACT,
    NEGATIVE_DURATION,
    WAIVED,
    PHASE_RUNNING_ON_CLOSED,
    NO_BASELINE,
    MEASURED_BEFORE_FIX,
    IDLE_IN_PROGRESS,
    START_ASSUMED,
    WORSE_AFTER_FIX;

    int flag() {
        return 1 << ordinal();
    }

    static int flags() {
        return (1 << values().length) - 1;
    }
}
