package issueledger.api;

import issueledger.events.Checks;
import issueledger.events.InvalidValue;
import issueledger.http.Headers;
import issueledger.http.Problem;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.OpenIssue;
import jakarta.servlet.http.HttpServletRequest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Who tries to do what to which issue, as far as a request has told it so far. */
final class Attempt {
    private static final String ATTRIBUTE = Attempt.class.getName();
    private static final Pattern PATH = Pattern.compile("/issues/([^/]+)/([^/]+)");

    private final String command;
    private @Nullable String issueId;
    private String actor = "anonymous";
    private boolean dry;

    private Attempt(String command, @Nullable String issueId) {
        this.command = command;
        this.issueId = issueId != null && Checks.isIssueId(issueId) ? issueId : null;
    }

    /** The one that a request is, null if it is no command's. */
    static @Nullable Attempt begin(HttpServletRequest request) {
        Attempt attempt = named(request);
        if (attempt != null) {
            String query = request.getQueryString();
            attempt.dry = query != null && query.contains("dry-run=true");
            attempt.actor = claimed(request);
            request.setAttribute(ATTRIBUTE, attempt);
        }
        return attempt;
    }

    private static @Nullable Attempt named(HttpServletRequest request) {
        String path = request.getRequestURI();
        if (!request.getMethod().equals("POST")) {
            return null;
        }
        if (path.equals("/issues")) {
            return new Attempt(IssueCommand.nameOf(OpenIssue.class), null);
        }
        Matcher matcher = PATH.matcher(path);
        return matcher.matches() && IssueCommand.BY_NAME.containsKey(matcher.group(2))
                ? new Attempt(matcher.group(2), matcher.group(1))
                : null;
    }
}
