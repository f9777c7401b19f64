package issueledger.projections;

import issueledger.admission.AdmissionValve;
import issueledger.admission.Overloaded.Reason;
import issueledger.admission.Turns.Turn;
import issueledger.http.Headers;
import issueledger.http.Parameters;
import issueledger.http.Problem;
import issueledger.http.ProblemType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Lets a client read its own writes: {@code Ledger-Min-Position} waits for the views, {@code Ledger-Position} is the position they hold.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
public class ReadYourWritesFilter extends OncePerRequestFilter implements HandlerInterceptor, WebMvcConfigurer {
    public static final String MIN_POSITION = "Ledger-Min-Position";
    public static final String POSITION = "Ledger-Position";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Projections projections;

    ReadYourWritesFilter(Projections projections) {
        this.projections = projections;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        response.setHeader(POSITION, Long.toString(projections.position()));
        chain.doFilter(request, response);
    }

    /** Runs after the check of the parameters: a refused request does not wait. */
    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this).order(1);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws InterruptedException {
        long wanted = minPosition(request);
        long position = await(wanted, AdmissionValve.turnOf(request));
        response.setHeader(POSITION, Long.toString(position));
        if (position < wanted) {
            throw notYet(position, "The views hold position " + position + ", not yet " + wanted + ": try again.");
        }
        return true;
    }

    /** A request that has to wait releases its place meanwhile. */
    private long await(long wanted, @Nullable Turn turn) throws InterruptedException {
        if (turn == null || projections.position() >= wanted) {
            return projections.await(wanted, PATIENCE);
        }
        turn.pause(Reason.POSITIONS);
        long position = projections.await(wanted, PATIENCE);
        turn.resume();
        return position;
    }

    /** 503, with the position that the views hold. */
    public static Problem notYet(long position, String detail) {
        return new Problem(ProblemType.NOT_YET, detail)
                .with("position", position)
                .header("Retry-After", "1");
    }

    /** The minimum position that the client asks for, 0 without the header. */
    public static long minPosition(HttpServletRequest request) {
        String given = Headers.single(request, MIN_POSITION);
        return Parameters.position(MIN_POSITION, given);
    }
}
