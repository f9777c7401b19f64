package issueledger.web;

import issueledger.access.Callers;
import issueledger.admission.WarmUp;
import issueledger.http.Problem;
import issueledger.http.Problems;
import issueledger.refused.RefusalRecorder;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
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

    private final RefusalRecorder refusals;
    private final Callers callers;

    public CommandLogFilter(RefusalRecorder refusals, Callers callers) {
        this.refusals = refusals;
        this.callers = callers;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        CommandTrail trail = CommandTrail.of(request);
        request.setAttribute(CommandTrail.ATTRIBUTE, trail);
        if (trail == null || WarmUp.isWarmUp(request)) {
            chain.doFilter(request, response);
            return;
        }
        long start = System.nanoTime();
        Problems.tell(request, (problem, traceId) -> {
            trail.endsIn(problem);
            if (!trail.isDry()) {
                refusals.keep(trail.command(), trail.issueId(), actorOf(request), traceId, problem);
            }
        });
        try {
            chain.doFilter(request, response);
        } finally {
            String outcome = outcome(response.getStatus(), trail.problem());
            tell(trail.command(), trail.issueId(), actorOf(request), trail.isDry(), outcome, start)
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

    private String actorOf(HttpServletRequest request) {
        try {
            return callers.of(request).actor();
        } catch (Problem e) {
            return "anonymous"; // The header is bad, which was the answer.
        }
    }
}
