package issueledger.issues;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import issueledger.admission.Admission;
import issueledger.admission.Overloaded;
import issueledger.admission.Overloaded.Reason;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.servlet.HandlerMapping;

class LargeIssuesTest {
    private static final int MEBIBYTE = 1024 * 1024;
    private static final Admission ADMISSION = new Admission(1L << 28, MEBIBYTE, MEBIBYTE, false, System::nanoTime);

    /** A quarter of the heap has room for two reads of a mebibyte of JSON. */
    private final LargeIssues large = new LargeIssues(ADMISSION, 64L * MEBIBYTE);

    private MockHttpServletRequest read(String id) throws InterruptedException {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", "/issues/" + id);
        request.setAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE, Map.of("id", id));
        assertThat(large.preHandle(request, new MockHttpServletResponse(), this))
                .isTrue();
        return request;
    }

    private void end(MockHttpServletRequest request) {
        large.afterCompletion(request, new MockHttpServletResponse(), this, null);
    }

    @Test
    void a_read_that_finds_no_room_waits_for_it_and_is_refused_after_its_patience() throws Exception {
        large.note("big", MEBIBYTE);
        MockHttpServletRequest first = read("big");
        read("big");
        Overloaded refusal = catchThrowableOfType(Overloaded.class, () -> read("big"));
        assertThat(refusal.reason()).isEqualTo(Reason.LARGE_ISSUES);
        CompletableFuture<MockHttpServletRequest> waits = CompletableFuture.supplyAsync(() -> {
            try {
                return read("big");
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        end(first);
        end(first); // A second time gives back nothing.
        waits.get(10, TimeUnit.SECONDS);
    }

    @Test
    void small_issues_and_those_that_have_become_small_wait_for_nobody() throws Exception {
        large.note("big", 100 * MEBIBYTE);
        read("big");
        large.note("other", MEBIBYTE);
        large.note("other", LargeIssues.LARGE);
        read("other");
        read("unknown");
        assertThat(large.preHandle(new MockHttpServletRequest(), new MockHttpServletResponse(), this))
                .isTrue();
    }
}
