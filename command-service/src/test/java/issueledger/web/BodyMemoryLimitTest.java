package issueledger.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import issueledger.admission.Admission;
import issueledger.admission.Overloaded;
import issueledger.http.Problem;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class BodyMemoryLimitTest {
    /** So little that one body of the largest size fills it. */
    private final BodyMemoryLimit budget =
            new BodyMemoryLimit(new Admission(JsonBody.MOST, 1, 1, false, System::nanoTime), JsonBody.MOST);

    @Test
    void a_body_that_finds_no_room_is_refused() throws Exception {
        CountDownLatch holding = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> first = clients.submit(() -> request(share -> {
                share.inWork(JsonBody.MOST);
                holding.countDown();
                done.await();
            }));
            holding.await();

            Overloaded refused = catchThrowableOfType(Overloaded.class, () -> request(share -> share.inWork(1)));

            done.countDown();
            assertThat(refused.reason()).isEqualTo(Overloaded.Reason.BODIES);
            first.get();
        }
    }

    @Test
    void a_request_gives_back_what_it_held_also_when_it_fails() throws Exception {
        for (int i = 0; i < 3; i++) {
            catchThrowableOfType(
                    IllegalStateException.class,
                    () -> request(share -> {
                        share.arriving(JsonBody.MOST);
                        share.inWork(JsonBody.MOST);
                        throw new IllegalStateException("the command failed");
                    }));
        }

        request(share -> {
            share.arriving(JsonBody.MOST);
            share.inWork(JsonBody.MOST);
        });
    }

    @Test
    void a_dry_run_that_keeps_too_much_is_told_so_and_one_beside_others_waits_for_them() throws Exception {
        long most = JsonBody.MOST / 8;
        request(share -> {
            share.rehearsed(most - 1_000);
            Problem tooLarge = catchThrowableOfType(Problem.class, () -> share.rehearsed(2_000));
            assertThat(tooLarge.status()).isEqualTo(413);
            share.rehearsed(1_000); // A refused line took nothing.

            Overloaded other = catchThrowableOfType(Overloaded.class, () -> request(second -> second.rehearsed(1)));
            assertThat(other.reason()).isEqualTo(Overloaded.Reason.BODIES);
        });

        request(share -> share.rehearsed(most));
    }

    private interface Work {
        void with(BodyMemoryLimit.Share share) throws Exception;
    }

    private Void request(Work work) throws Exception {
        try (BodyMemoryLimit.Share share = budget.share()) {
            work.with(share);
        }
        return null;
    }
}
