package issueledger.refused;

import issueledger.http.Problem;
import issueledger.issue.Reason;
import issueledger.log.BackgroundThread;
import issueledger.refusals.Refusals;
import issueledger.refusals.RefusalsUnavailable;
import issueledger.refusals.RefusedCommand;
import issueledger.startup.Settings;
import jakarta.annotation.PreDestroy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Has refused commands kept, in batches and off the request's path. What finds no room, or a crash takes, is lost. */
@Component
public class RefusalRecorder {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalRecorder.class);

    private static final Set<Integer> KEPT = Set.of(403, 409, 412, 422);
    private static final int WAITING = 10_000;
    private static final int BATCH = 1_000;
    private static final Duration FORGET = Duration.ofMinutes(1);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_ONES = Duration.ofSeconds(5);

    private final Refusals refusals;
    private final Clock clock;
    private final Duration kept;
    private final BlockingQueue<RefusedCommand> waiting = new ArrayBlockingQueue<>(WAITING);
    private final AtomicLong lost = new AtomicLong();
    private final BackgroundThread thread;
    private volatile boolean closing;

    public RefusalRecorder(Refusals refusals, Clock clock, Settings settings) {
        this.refusals = refusals;
        this.clock = clock;
        this.kept = Duration.ofDays(settings.refusalsDays());
        this.thread = new BackgroundThread("refusals", this::run);
    }

    /** Keeps a command that was answered this problem, if it is one of those that are kept. */
    public void keep(String command, @Nullable String issueId, String actor, String traceId, Problem problem) {
        if (!KEPT.contains(problem.status())) {
            return;
        }
        Object reason = problem.members().get("reason");
        RefusedCommand refused = new RefusedCommand(
                0,
                clock.instant(),
                command,
                issueId,
                actor,
                problem.status(),
                problem.type().path(),
                reason == null ? null : reason.toString(),
                withoutTheBodysText(problem.detail(), reason),
                traceId);
        if (!waiting.offer(refused)) {
            lost.incrementAndGet();
        }
    }

    /** These reasons' details name what the body named. */
    private static String withoutTheBodysText(String detail, @Nullable Object reason) {
        return switch (reason) {
            case Reason.UNIT_MISMATCH -> "The series is in another unit.";
            case Reason.UNKNOWN_FILE -> "No such file is linked.";
            case Reason.UNKNOWN_DUPLICATE -> "There is no such issue to be a duplicate of.";
            case null, default -> detail;
        };
    }

    private void run() {
        Instant forgotten = Instant.EPOCH;
        List<RefusedCommand> batch = new ArrayList<>();
        String told = "";
        while (!closing || !waiting.isEmpty()) {
            try {
                take(batch);
                if (!batch.isEmpty()) {
                    refusals.keep(batch);
                    batch.clear();
                }
                if (forgotten.plus(FORGET).isBefore(clock.instant())) {
                    forgotten = clock.instant();
                    refusals.forget(forgotten.minus(kept));
                    tellLost();
                }
                told = "";
            } catch (RefusalsUnavailable e) {
                String why = String.valueOf(e.getMessage());
                if (!why.equals(told)) {
                    LOG.error("{}", why);
                }
                told = why;
                if (closing || !pause()) {
                    return;
                }
            } catch (InterruptedException e) {
                return; // The close has waited long enough.
            }
        }
    }

    /** Waits for one refusal and takes those behind it; refusals of a failed write come first. */
    private void take(List<RefusedCommand> batch) throws InterruptedException {
        if (batch.isEmpty()) {
            RefusedCommand first = waiting.poll(RETRY.toMillis(), TimeUnit.MILLISECONDS);
            if (first == null) {
                return;
            }
            batch.add(first);
        }
        waiting.drainTo(batch, BATCH - batch.size());
    }

    private static boolean pause() {
        try {
            Thread.sleep(RETRY);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void tellLost() {
        long number = lost.getAndSet(0);
        if (number > 0) {
            LOG.warn("{} refused commands were not kept: they came faster than they could be written", number);
        }
    }

    @PreDestroy
    public void close() {
        closing = true;
        thread.awaitEnd(LAST_ONES);
        thread.interrupt();
    }
}
