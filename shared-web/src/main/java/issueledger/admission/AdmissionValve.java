package issueledger.admission;

import issueledger.admission.Overloaded.Reason;
import issueledger.admission.Traffic.Lane;
import issueledger.admission.Turns.Turn;
import issueledger.http.TraceIds;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.jspecify.annotations.Nullable;

/** Admits a request before its body is read and before Spring sees it, or answers 503. */
public final class AdmissionValve extends ValveBase {
    private static final String TURN = Turn.class.getName();
    private static final int HEALTH_PLACES = 32;

    private static final int MAX_WAIT_SECONDS = 10;

    /** RFC 7240, section 4.3. */
    private static final Pattern WAIT =
            Pattern.compile("(?:^|[,;])\\s*wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(?:$|[,;])", Pattern.CASE_INSENSITIVE);

    private final Admission admission;
    private final Traffic traffic;
    private final Semaphore health = new Semaphore(HEALTH_PLACES);

    AdmissionValve(Admission admission, Traffic traffic) {
        super(true);
        this.admission = admission;
        this.traffic = traffic;
    }

    /** The request's place; null if the request did not pass the valve. */
    public static @Nullable Turn turnOf(ServletRequest request) {
        return (Turn) request.getAttribute(TURN);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        String path = request.getRequestURI();
        boolean isGoingOn = request.getAttribute(TURN) != null; // An asynchronous answer continues.
        boolean isBad = path == null || response.isError(); // The connector has refused it.
        if (isGoingOn || isBad || WarmUp.isWarmUp(request)) {
            pass(request, response, turnOf(request));
            return;
        }
        boolean healthIsAsked = path.equals("/actuator/health") || path.startsWith("/actuator/health/");
        if (Connections.current().isReserved() && !healthIsAsked) {
            refuse(request, response, admission.turns(Lane.SINGLE).refusal(Reason.CONNECTIONS), true);
        } else if (path.startsWith("/actuator/")) {
            answerHealth(request, response);
        } else {
            admit(request, response);
        }
    }

    /** Health and metrics have their own places. */
    private void answerHealth(Request request, Response response) throws IOException, ServletException {
        if (!health.tryAcquire()) {
            refuse(request, response, admission.turns(Lane.SINGLE).refusal(Reason.QUEUE), false);
            return;
        }
        try {
            getNext().invoke(request, response);
        } finally {
            health.release();
        }
        if (Connections.current().isReserved()) {
            response.getCoyoteResponse().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        }
    }

    private void admit(Request request, Response response) throws IOException, ServletException {
        Integer wait = wait(request);
        Duration patience = wait == null ? Admission.PATIENCE : Duration.ofSeconds(wait);
        Turns turns = admission.turns(traffic.laneOf(request.getRequestURI(), request.getQueryString()));
        Turn turn;
        try {
            boolean counted = Connections.current().hasArrived();
            boolean queued = !turns.hasPlace();
            turn = turns.take(request.getRemoteAddr(), patience, wait != null, counted);
            if (queued && Connections.current().clientHasLeft()) {
                turn.close();
                throw turns.refusal(Reason.CLIENT_LEFT);
            }
        } catch (Overloaded e) {
            refuse(request, response, e, e.reason() == Reason.CLIENT_LEFT);
            return;
        }
        request.setAttribute(TURN, turn);
        pass(request, response, turn);
    }

    private void pass(Request request, Response response, @Nullable Turn turn) throws IOException, ServletException {
        try {
            getNext().invoke(request, response);
        } finally {
            if (turn != null && !request.isAsync()) {
                turn.close();
            } else if (turn != null) {
                request.getAsyncContext().addListener(new Closing(turn));
            }
        }
    }

    /** The client's {@code wait} preference in seconds; null if it is absent or unreadable. */
    static @Nullable Integer wait(Request request) {
        for (String preferences : Collections.list(request.getHeaders("Prefer"))) {
            Matcher matcher = WAIT.matcher(preferences);
            if (matcher.find()) {
                return Math.min(Integer.parseInt(matcher.group(1)), MAX_WAIT_SECONDS);
            }
        }
        return null;
    }

    private void refuse(Request request, Response response, Overloaded why, boolean close) throws IOException {
        byte[] body =
                OverloadedAnswer.body(why, request.getRequestURI(), TraceIds.from(request.getHeader("traceparent")));
        response.setStatus(503);
        why.headers().forEach(response::setHeader);
        traffic.headers().forEach(response::setHeader);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentType(OverloadedAnswer.CONTENT_TYPE);
        response.setContentLength(body.length);
        if (close || !isWhole(request)) {
            // Does not wait for the rest of the body: the connection is free at once.
            response.setHeader("Connection", "close");
            response.getCoyoteResponse().action(ActionCode.DISABLE_SWALLOW_INPUT, null);
        }
        response.getOutputStream().write(body);
        response.finishResponse();
    }

    /** True if the whole body has arrived. */
    private static boolean isWhole(Request request) throws IOException {
        long length = request.getCoyoteRequest().getContentLengthLong();
        return request.getHeader("Transfer-Encoding") == null
                && (length <= 0 || request.getInputStream().available() >= length);
    }

    /** Releases the place when an asynchronous answer ends in any way. */
    private record Closing(Turn turn) implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            turn.close();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            // The container completes the request next.
        }

        @Override
        public void onError(AsyncEvent event) {
            // The container completes the request next.
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            event.getAsyncContext().addListener(this);
        }
    }
}
