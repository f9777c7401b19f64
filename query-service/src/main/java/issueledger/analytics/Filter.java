package issueledger.analytics;

import issueledger.analytics.facts.IssueFacts;
import issueledger.events.Severity;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Chooses issues by what they are now; an absent filter is null. */
record Filter(
        @Nullable Severity severity,
        @Nullable String label,
        @Nullable String assignee,
        @Nullable String file,
        @Nullable String endpoint) {

    boolean takes(IssueFacts issue) {
        return (severity == null || severity == issue.severity())
                && (label == null || Arrays.asList(issue.labels()).contains(label))
                && (assignee == null || assignee.equals(issue.assignee()))
                && (file == null || Arrays.asList(issue.files()).contains(file))
                && (endpoint == null || Arrays.asList(issue.endpoints()).contains(endpoint));
    }
}
