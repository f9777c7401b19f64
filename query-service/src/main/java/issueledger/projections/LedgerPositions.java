package issueledger.projections;

import issueledger.http.Headers;
import issueledger.http.Problem;
import issueledger.http.Problems;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets a client read its own write: {@code Ledger-Min-Position} waits for the views, {@code Ledger-Position} says what they hold.
 */
@Component
public class LedgerPositions extends OncePerRequestFilter {
    public static final String MIN_POSITION = "Ledger-Min-Position";
    private static final String POSITION = "Ledger-Position";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Projections projections;

    LedgerPositions(Projections projections) {
        this.projections = projections;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getRequestURI().startsWith("/actuator");
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try {
            response.setHeader(POSITION, Long.toString(projections.position()));
            long wanted = minPosition(request);
            long position = projections.await(wanted, PATIENCE);
            response.setHeader(POSITION, Long.toString(position));
            if (position < wanted) {
                throw new Problem(
                                503,
                                "not-yet",
                                "The views are not there yet",
                                "The views hold position " + position + ", not yet " + wanted + ": try again.")
                        .with("position", position)
                        .header("Retry-After", "1");
            }
        } catch (Problem e) {
            Problems.write(e, request, response);
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ServletException("interrupted while waiting for the views", e);
        }
        chain.doFilter(request, response);
    }

    /** The position that the client wants to see, 0 if it does not say. */
    public static long minPosition(HttpServletRequest request) {
        String given = Headers.single(request, MIN_POSITION);
        if (given == null) {
            return 0;
        }
        if (!given.matches("\\d{1,18}")) {
            throw Problem.malformedParameter(MIN_POSITION, "must be a position: a whole number, not negative");
        }
        return Long.parseLong(given);
    }
}
