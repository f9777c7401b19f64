package issueledger.web;

import issueledger.access.Caller;
import issueledger.admission.WarmUp;
import issueledger.events.Checks;
import issueledger.http.Problem;
import issueledger.http.Problems;
import issueledger.http.TraceIds;
import issueledger.issue.IssueCommand;
import issueledger.issue.IssueCommand.OpenIssue;
import issueledger.refused.RefusalRecorder;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Leaves a line in the service's log for each command, and has those that are refused kept. No body, token or key is in either. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
public class CommandLogFilter extends OncePerRequestFilter {
    private static final Logger LOG = LoggerFactory.getLogger(CommandLogFilter.class);

    private static final String ISSUE = CommandLogFilter.class.getName();
    private static final String OPENING = IssueCommand.nameOf(OpenIssue.class);
    private static final Pattern PATH = Pattern.compile("/issues/([^/]+)/([^/]+)");

    private final RefusalRecorder refusals;

    public CommandLogFilter(RefusalRecorder refusals) {
        this.refusals = refusals;
    }

    /** Tells the trail of a request which issue it is about, where the path does not. */
    public static void leadsTo(HttpServletRequest request, @Nullable String issueId) {
        request.setAttribute(ISSUE, issueId);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String command = commandOf(request);
        if (command == null || WarmUp.isWarmUp(request)) {
            chain.doFilter(request, response);
            return;
        }
        long start = System.nanoTime();
        if (!isDry(request)) {
            Problems.tell(
                    request,
                    problem ->
                            refusals.keep(command, issueOf(request), actorOf(request), TraceIds.of(request), problem));
        }
        try {
            chain.doFilter(request, response);
        } finally {
            String outcome = outcome(response.getStatus(), Problems.of(request));
            tell(command, issueOf(request), actorOf(request), isDry(request), outcome, start)
                    .log("command");
        }
    }

    /** Builds the log line; the caller adds the message. With tokens the actor is the token's subject. */
    public static LoggingEventBuilder tell(
            String command, @Nullable String issue, String actor, boolean dry, String outcome, long start) {
        LoggingEventBuilder line = LOG.atInfo()
                .addKeyValue("command", command)
                .addKeyValue("issue", issue == null ? "" : issue)
                .addKeyValue("actor", actor.replace('"', '\''))
                .addKeyValue("outcome", outcome)
                .addKeyValue("ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        return dry ? line.addKeyValue("dry", true) : line;
    }

    public static String outcome(int status, @Nullable Problem problem) {
        Object reason = problem == null ? null : problem.members().get("reason");
        return status + (problem == null ? "" : " " + (reason == null ? problem.name() : reason));
    }

    /** Null for what is no command's request. */
    private static @Nullable String commandOf(HttpServletRequest request) {
        if (!request.getMethod().equals("POST")) {
            return null;
        }
        String path = request.getRequestURI();
        if (path.equals("/issues")) {
            return OPENING;
        }
        Matcher matcher = PATH.matcher(path);
        return matcher.matches() && IssueCommand.BY_NAME.containsKey(matcher.group(2)) ? matcher.group(2) : null;
    }

    private static @Nullable String issueOf(HttpServletRequest request) {
        Matcher matcher = PATH.matcher(request.getRequestURI());
        String id = matcher.matches() ? matcher.group(1) : (String) request.getAttribute(ISSUE);
        return id != null && Checks.isIssueId(id) ? id : null;
    }

    private static String actorOf(HttpServletRequest request) {
        try {
            return Caller.of(request).actor();
        } catch (Problem e) {
            return "anonymous"; // The header is bad, which was the answer.
        }
    }

    private static boolean isDry(HttpServletRequest request) {
        String query = request.getQueryString();
        return query != null && query.contains("dry-run=true");
    }
}
