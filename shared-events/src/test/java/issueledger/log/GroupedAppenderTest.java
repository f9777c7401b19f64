package issueledger.log;

import static issueledger.log.LogExamples.commit;
import static issueledger.log.LogExamples.note;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import issueledger.log.AppendResult.Appended;
import issueledger.log.AppendResult.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class GroupedAppenderTest {
    private static final Duration PATIENT = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(500);

    private final HangingWriter writer = new HangingWriter();
    private final List<GroupedAppender> opened = new ArrayList<>();

    private GroupedAppender appender() {
        GroupedAppender appender = new GroupedAppender("appender", writer);
        opened.add(appender);
        return appender;
    }

    @AfterEach
    void closeAppenders() {
        writer.goOn();
        opened.forEach(GroupedAppender::close);
    }

    @Test
    void what_waits_while_a_batch_is_written_becomes_one_batch() throws Exception {
        GroupedAppender appender = appender();
        List<Thread> callers = new ArrayList<>();
        BlockingQueue<AppendResult> results = new LinkedBlockingQueue<>();
        callers.add(Thread.startVirtualThread(() -> results.add(appender.append(List.of(stream("first")), PATIENT))));
        writer.awaitBatch();
        for (int i = 0; i < 50; i++) {
            String name = "waiting-" + i;
            callers.add(Thread.startVirtualThread(() ->
                    results.add(appender.append(List.of(stream(name), stream(name + "-too")), PATIENT))));
        }
        awaitAllWaiting(callers);
        writer.goOn();
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(writer.batches).extracting(List::size).containsExactly(1, 100);
        assertThat(results).hasSize(51);
    }

    @Test
    void each_caller_gets_the_outcomes_of_its_own_commits_in_order() {
        writer.goOn();
        GroupedAppender appender = appender();

        assertThat(appender.append(List.of(stream("a"), stream("b"), stream("c")), PATIENT)
                        .outcomes())
                .extracting(outcome -> ((Appended) outcome).hash())
                .containsExactly("a-0", "b-0", "c-0");
    }

    @Test
    void a_full_queue_refuses_at_once_and_nothing_of_it_is_appended() throws Exception {
        GroupedAppender appender = appender();
        int beyond = 20;
        BlockingQueue<LogUnavailable> refused = new LinkedBlockingQueue<>();
        List<Thread> callers = new ArrayList<>();
        callers.add(Thread.startVirtualThread(() -> appender.append(List.of(stream("first")), PATIENT)));
        writer.awaitBatch();
        for (int i = 0; i < 4_096 + beyond; i++) {
            String name = "waiting-" + i;
            callers.add(Thread.startVirtualThread(() -> {
                try {
                    appender.append(List.of(stream(name)), PATIENT);
                } catch (LogUnavailable e) {
                    refused.add(e);
                }
            }));
        }

        List<LogUnavailable> refusals = new ArrayList<>();
        for (int i = 0; i < beyond; i++) {
            refusals.add(refused.poll(10, TimeUnit.SECONDS));
        }
        writer.goOn();
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(refusals).allSatisfy(e -> {
            assertThat(e.outcome()).isEqualTo(LogUnavailable.Outcome.NOT_APPENDED);
            assertThat(e).hasMessageContaining("4096 commands wait");
        });
        assertThat(refused).isEmpty();
        assertThat(writer.written()).hasSize(1 + 4_096);
        assertThat(writer.batches).hasSizeLessThan(10);
    }

    @Test
    void a_writer_that_hangs_leaves_what_was_sent_unknown_and_what_was_not_never_goes() throws Exception {
        GroupedAppender appender = appender();

        assertThat(outcomeOf(appender, stream("sent"))).isEqualTo(LogUnavailable.Outcome.UNKNOWN);
        writer.awaitBatch();
        assertThat(outcomeOf(appender, stream("not-sent"))).isEqualTo(LogUnavailable.Outcome.NOT_APPENDED);

        writer.goOn();
        appender.append(List.of(stream("later")), SHORT);
        assertThat(writer.written()).containsExactly("sent-0", "later-0");
    }

    @Test
    void while_the_writer_is_not_ready_nothing_is_sent_and_what_is_given_up_never_goes() throws Exception {
        writer.notReady = true;
        GroupedAppender appender = appender();

        assertThat(outcomeOf(appender, stream("given-up"))).isEqualTo(LogUnavailable.Outcome.NOT_APPENDED);

        writer.goOn();
        appender.append(List.of(stream("later")), SHORT);
        assertThat(writer.written()).containsExactly("later-0");
    }

    @Test
    void a_writer_that_does_not_become_ready_tells_all_who_wait() throws Exception {
        writer.notReady = true;
        writer.failure = new LogUnavailable(LogUnavailable.Outcome.NOT_APPENDED, "the test's file is locked", null);
        GroupedAppender appender = appender();
        BlockingQueue<String> refused = new LinkedBlockingQueue<>();
        List<Thread> callers = new ArrayList<>();
        for (String name : List.of("first", "second", "third")) {
            callers.add(Thread.startVirtualThread(() -> {
                try {
                    appender.append(List.of(stream(name)), PATIENT);
                } catch (LogUnavailable e) {
                    refused.add(name + ": " + e.outcome() + ", " + e.getMessage());
                }
            }));
        }
        awaitAllWaiting(callers);
        writer.goOn();
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(refused)
                .containsExactlyInAnyOrder(
                        "first: NOT_APPENDED, the test's file is locked",
                        "second: NOT_APPENDED, the test's file is locked",
                        "third: NOT_APPENDED, the test's file is locked");
    }

    @Test
    void large_commands_fill_the_queue_by_their_bytes_and_leave_room_when_they_are_written() throws Exception {
        GroupedAppender appender = appender();
        String mebibyte = "\"" + "é".repeat(512 * 1024 - 1) + "\"";
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 31; i++) { // Each with its metadata is a little more than 1 MiB.
            String name = "large-" + i;
            callers.add(Thread.startVirtualThread(
                    () -> appender.append(List.of(commit(note(name, 0, mebibyte))), PATIENT)));
        }
        awaitAllWaiting(callers);

        assertThatThrownBy(() -> appender.append(List.of(commit(note("too-much", 0, mebibyte))), PATIENT))
                .isInstanceOf(LogUnavailable.class)
                .hasMessageContaining("more than 32 MiB wait")
                .extracting(e -> ((LogUnavailable) e).outcome())
                .isEqualTo(LogUnavailable.Outcome.NOT_APPENDED);

        writer.goOn();
        for (Thread caller : callers) {
            caller.join();
        }
        for (int i = 0; i < 40; i++) {
            appender.append(List.of(commit(note("later-" + i, 0, mebibyte))), PATIENT);
        }
        assertThat(writer.written()).hasSize(31 + 40);
    }

    @Test
    void an_interrupted_caller_gets_an_exception_and_stays_interrupted() throws Exception {
        GroupedAppender appender = appender();
        BlockingQueue<LogUnavailable> refused = new LinkedBlockingQueue<>();
        CountDownLatch interrupted = new CountDownLatch(1);
        Thread caller = Thread.ofPlatform().start(() -> {
            try {
                appender.append(List.of(stream("sent")), PATIENT);
            } catch (LogUnavailable e) {
                refused.add(e);
                if (Thread.currentThread().isInterrupted()) {
                    interrupted.countDown();
                }
            }
        });
        writer.awaitBatch();
        caller.interrupt();

        assertThat(refused.take().outcome()).isEqualTo(LogUnavailable.Outcome.UNKNOWN);
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_writer_that_cannot_write_tells_every_caller_and_the_next_batch_goes_on() {
        writer.goOn();
        writer.failure = new LogUnavailable(LogUnavailable.Outcome.UNKNOWN, "the disk of the test is full", null);
        GroupedAppender appender = appender();

        assertThatThrownBy(() -> appender.append(List.of(stream("a")), PATIENT))
                .isInstanceOf(LogUnavailable.class)
                .hasMessage("the disk of the test is full")
                .extracting(e -> ((LogUnavailable) e).outcome())
                .isEqualTo(LogUnavailable.Outcome.UNKNOWN);
        writer.failure = new IllegalStateException("a defect of the test's writer");
        assertThatThrownBy(() -> appender.append(List.of(stream("b")), PATIENT))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("a defect of the test's writer");
        writer.failure = null;

        assertThat(appender.append(List.of(stream("c")), PATIENT).outcomes()).hasSize(1);
    }

    @Test
    void closing_writes_what_waits_and_refuses_what_comes_after() throws Exception {
        GroupedAppender appender = appender();
        BlockingQueue<AppendResult> results = new LinkedBlockingQueue<>();
        List<Thread> callers = new ArrayList<>();
        for (String name : List.of("first", "second")) {
            callers.add(Thread.startVirtualThread(() -> results.add(appender.append(List.of(stream(name)), PATIENT))));
            awaitAllWaiting(callers);
        }
        writer.awaitBatch();
        Thread closing = Thread.startVirtualThread(appender::close);
        awaitAllWaiting(List.of(closing));
        writer.goOn();
        closing.join();
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(results).hasSize(2);
        assertThat(writer.written()).containsExactly("first-0", "second-0");
        assertThat(outcomeOf(appender, stream("late"))).isEqualTo(LogUnavailable.Outcome.NOT_APPENDED);
    }

    private static Unavailable.Outcome outcomeOf(GroupedAppender appender, Commit commit) {
        Throwable thrown = catchThrowable(() -> appender.append(List.of(commit), SHORT));
        assertThat(thrown).isInstanceOf(LogUnavailable.class);
        return ((LogUnavailable) thrown).outcome();
    }

    private static Commit stream(String name) {
        return commit(note(name, 0));
    }

    private static void awaitAllWaiting(List<Thread> threads) {
        // With a limit: for an outcome, or for the appender's end; not for the queue's lock.
        while (!threads.stream().allMatch(t -> t.getState() == Thread.State.TIMED_WAITING)) {
            Thread.onSpinWait();
        }
    }

    /** Hangs until it may go on; an interrupt does not let it off, as little as SQLite's own calls. */
    private static final class HangingWriter implements GroupedAppender.BatchWriter {
        private final CountDownLatch mayGoOn = new CountDownLatch(1);
        private final CountDownLatch entered = new CountDownLatch(1);
        private final List<List<Commit>> batches = new ArrayList<>();
        private volatile RuntimeException failure;
        private volatile boolean notReady;

        @Override
        public void prepare() {
            if (notReady) {
                hang();
            }
        }

        @Override
        public List<Outcome> write(List<HashedCommit> commits) {
            if (!notReady) {
                hang();
            }
            List<Commit> batch = commits.stream().map(HashedCommit::commit).toList();
            synchronized (batches) {
                batches.add(batch);
            }
            return IntStream.range(0, batch.size())
                    .<Outcome>mapToObj(i -> new Appended(
                            i + 1, i + 1, Instant.EPOCH, batch.get(i).id()))
                    .toList();
        }

        private void hang() {
            entered.countDown();
            boolean interrupted = false;
            while (mayGoOn.getCount() > 0) {
                try {
                    mayGoOn.await();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (failure != null) {
                throw failure;
            }
        }

        void awaitBatch() throws InterruptedException {
            entered.await();
        }

        void goOn() {
            mayGoOn.countDown();
        }

        List<String> written() {
            synchronized (batches) {
                return batches.stream().flatMap(List::stream).map(Commit::id).toList();
            }
        }
    }
}
