package issueledger.projections;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes what a comparison of stored views with the log finds. Used by one thread at a time. */
public interface ViewAudit {

    /** A view of this issue is stored. */
    void found(String issueId);

    /**
     * Counts; lets other work go first, and throws if the client has left.
     *
     * @param views the number of views that were compared since the last call
     * @param events the number of events that were folded for it
     */
    void compared(long views, long events);

    /** @param position of the last event that the view must hold */
    void differs(long position, @Nullable String issueId, String detail);

    /**
     * The log is not the one that a signed checkpoint stands for.
     *
     * @param issueId null if it is not known
     */
    void contradicts(long position, @Nullable String issueId, String detail);

    /** An event that is not parked, and cannot be folded. */
    void unreadable(long position, String issueId, String detail);

    /** The first events of issues that the log has and of which no view was {@link #found}. */
    List<Missing> missing();

    /** An issue without a view. */
    record Missing(long position, String issueId) {}
}
