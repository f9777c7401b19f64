package issueledger.analytics;

import issueledger.analytics.facts.IssueFacts;
import java.util.Collection;

/** How many issues of an answer are on the list of {@code /analytics/quality}. */
final class Doubts {
    private Doubts() {}

    static int among(Collection<IssueFacts> issues, Window window) {
        return (int)
                issues.stream().filter(issue -> issue.isDoubtful(window.now())).count();
    }
}
