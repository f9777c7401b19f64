package issueledger.issues;

import issueledger.admission.Admission;
import issueledger.admission.AdmissionValve;
import issueledger.admission.Overloaded.Reason;
import issueledger.admission.Traffic.Lane;
import issueledger.admission.Turns;
import issueledger.admission.Turns.Turn;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Bounds the heap that concurrent reads of large issues take to a quarter. The size of an issue is that of its JSON when this process
 * last wrote or read it.
 */
@Component
class LargeIssues implements HandlerInterceptor, WebMvcConfigurer {
    /** Reads of issues with more characters of JSON are counted. */
    static final int LARGE = 256 * 1024;

    /** Measured: bytes of heap per character while an issue is read, parsed, written and sent. */
    private static final int BYTES_PER_CHARACTER = 8;

    /** Two versions of the issue and the patch. */
    private static final int COPIES_OF_A_DIFF = 3;

    private static final String HELD = LargeIssues.class.getName();
    private static final int UNIT = 1024;

    private final Map<String, Integer> characters = new ConcurrentHashMap<>();
    private final Turns singles;
    private final int units;
    private final Semaphore free;

    @Autowired
    LargeIssues(Admission admission) {
        this(admission, Runtime.getRuntime().maxMemory());
    }

    LargeIssues(Admission admission, long heap) {
        this.singles = admission.turns(Lane.SINGLE);
        this.units = (int) (heap / 4 / UNIT);
        this.free = new Semaphore(units, true);
    }

    /** Notes an issue's size in characters. */
    void note(String id, int json) {
        if (json > LARGE) {
            characters.put(id, json);
        } else {
            characters.remove(id);
        }
    }

    /** Runs after the check of the parameters. Events are excluded: they are streamed, in the lane of long requests. */
    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(this)
                .addPathPatterns("/issues/{id}", "/issues/{id}/**")
                .excludePathPatterns("/issues/{id}/events")
                .order(2);
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
            throws InterruptedException {
        Integer size = idOf(request) instanceof String id ? characters.get(id) : null;
        if (size != null) {
            int copies = request.getRequestURI().endsWith("/diff") ? COPIES_OF_A_DIFF : 1;
            int wanted = (int) Math.min(units, (long) size * copies * BYTES_PER_CHARACTER / UNIT);
            take(wanted, request);
        }
        return true;
    }

    private static @Nullable Object idOf(HttpServletRequest request) {
        return request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> variables
                ? variables.get("id")
                : null;
    }

    /** A request that has to wait releases its place meanwhile. */
    private void take(int wanted, HttpServletRequest request) throws InterruptedException {
        if (free.tryAcquire(wanted)) {
            request.setAttribute(HELD, wanted);
            return;
        }
        Turn turn = AdmissionValve.turnOf(request);
        Duration patience = turn == null ? Admission.PATIENCE : turn.patience();
        if (turn != null) {
            turn.pause(Reason.LARGE_ISSUES);
        }
        if (!free.tryAcquire(wanted, patience.toNanos(), TimeUnit.NANOSECONDS)) {
            throw singles.refusal(Reason.LARGE_ISSUES);
        }
        request.setAttribute(HELD, wanted);
        if (turn != null) {
            turn.resume();
        }
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
        if (request.getAttribute(HELD) instanceof Integer held) {
            request.removeAttribute(HELD);
            free.release(held);
        }
    }
}
