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
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Leaves a line in the log of commands for each command, counts it, and has those that are refused kept. No body, token or key is in either. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
public class CommandLogFilter extends OncePerRequestFilter {
    private final RefusalRecorder refusals;
    private final Callers callers;
    private final CommandLog log;
    private final CommandMeters meters;

    public CommandLogFilter(RefusalRecorder refusals, Callers callers, CommandLog log, CommandMeters meters) {
        this.refusals = refusals;
        this.callers = callers;
        this.log = log;
        this.meters = meters;
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
            meters.took(trail.command(), trail.isDry(), trail.problem(), start);
            String outcome = CommandLog.outcome(response.getStatus(), trail.problem());
            log.line(trail.command(), trail.issueId(), actorOf(request), trail.isDry(), outcome, start)
                    .log("command");
        }
    }

    private String actorOf(HttpServletRequest request) {
        try {
            return callers.of(request).actor();
        } catch (Problem e) {
            return "anonymous"; // The header is bad, which was the answer.
        }
    }
}
