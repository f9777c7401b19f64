package issueledger.analytics;

import issueledger.analytics.facts.Change;
import issueledger.analytics.facts.IssueFacts;
import issueledger.events.Resolution;
import issueledger.events.Severity;
import issueledger.events.Status;
import issueledger.http.Page;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The issues that were there at the window's end, by status, severity of today and resolution. */
public record Summary(
        int issues,
        int open,
        int closed,
        Map<Status, Integer> byStatus,
        Map<Assessment, Integer> bySeverity,
        Map<Resolution, Integer> byResolution,
        @Nullable BigDecimal reopenRate,
        int doubtful)
        implements Answer<Summary> {

    /** A severity, or none yet. */
    public enum Assessment {
        CRITICAL,
        HIGH,
        MEDIUM,
        LOW,
        UNASSESSED;

        static Assessment of(@Nullable Severity severity) {
            return severity == null ? UNASSESSED : valueOf(severity.name());
        }
    }

    static Summary of(List<IssueFacts> all, Window window) {
        List<IssueFacts> there = all.stream()
                .filter(issue -> issue.lastChangeBefore(window.to()) >= 0)
                .toList();
        Map<Status, Integer> byStatus = zeros(Status.class);
        Map<Assessment, Integer> bySeverity = zeros(Assessment.class);
        Map<Resolution, Integer> byResolution = zeros(Resolution.class);
        int reopened = 0;
        int finished = 0;
        for (IssueFacts issue : there) {
            Change last = issue.change(issue.lastChangeBefore(window.to()));
            byStatus.merge(last.status(), 1, Integer::sum);
            bySeverity.merge(Assessment.of(issue.severity()), 1, Integer::sum);
            if (last.resolution() != null) {
                byResolution.merge(last.resolution(), 1, Integer::sum);
            }
            reopened += wasEver(issue, window, Change.REOPENED) ? 1 : 0;
            finished += wasEverFinished(issue, window) ? 1 : 0;
        }
        int closed = byStatus.getOrDefault(Status.CLOSED, 0);
        return new Summary(
                there.size(),
                there.size() - closed,
                closed,
                byStatus,
                bySeverity,
                byResolution,
                Distribution.fraction(reopened, finished),
                Doubts.among(there, window));
    }

    private static <E extends Enum<E>> Map<E, Integer> zeros(Class<E> type) {
        Map<E, Integer> zeros = new EnumMap<>(type);
        for (E constant : type.getEnumConstants()) {
            zeros.put(constant, 0);
        }
        return zeros;
    }

    private static boolean wasEver(IssueFacts issue, Window window, Change change) {
        for (int i = 0; i < issue.changeCount(); i++) {
            if (issue.change(i) == change && issue.changedAt(i) < window.to()) {
                return true;
            }
        }
        return false;
    }

    /** True if it was ever FIXED or CLOSED. */
    private static boolean wasEverFinished(IssueFacts issue, Window window) {
        for (int i = 0; i < issue.changeCount(); i++) {
            Status status = issue.change(i).status();
            if ((status == Status.FIXED || status == Status.CLOSED) && issue.changedAt(i) < window.to()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Class<Summary> itemType() {
        return Summary.class;
    }

    @Override
    public Listing<?, Summary> listing() {
        return Listing.ofRows(List.of(this));
    }

    @Override
    public Object json(Page<Summary> page) {
        return this;
    }
}
