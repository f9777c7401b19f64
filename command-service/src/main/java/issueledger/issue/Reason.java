package issueledger.issue;

/** The stable reason codes of {@code 409 /problems/rejected}; where several hold, the first here is the answer. */
public enum Reason {
    ISSUE_EXISTS,
    WRONG_STATUS,
    REQUIREMENTS_UNMET,
    REASON_REQUIRED,
    NO_RUNNING_PHASE,
    WRONG_PHASE,
    COMPLETED_PHASE_CHANGED,
    RUNNING_PHASE_DROPPED,
    UNIT_MISMATCH,
    DIRECTION_MISMATCH,
    DIRECTION_REQUIRED,
    UNKNOWN_NOTE,
    UNKNOWN_METRIC,
    UNKNOWN_FILE,
    UNKNOWN_REFERENCE,
    UNKNOWN_DUPLICATE,
    DUPLICATE_OF_ITSELF,
    EFFECTIVE_TIME_TOO_EARLY,
    LIMIT_REACHED
}
