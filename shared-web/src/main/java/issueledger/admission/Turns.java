package issueledger.admission;

import com.netflix.concurrency.limits.Limit;
import issueledger.admission.Overloaded.Reason;
import java.time.Duration;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The places for requests in flight, and the queue for them. The number of places follows a {@link Limit}.
 *
 * <p>Fair between clients: a free place goes to the waiting client that has the fewest, and a full queue drops the newest request of the
 * client that fills it. The queue is short: once it has not been empty for {@link #STANDING}, it holds what is served within
 * {@link #STANDING_WAIT}; before that, a burst may fill it further (controlled delay, as in Nichols and Jacobson 2012).
 */
public final class Turns {
    static final int MAX_WAITING = 512;

    /** Minimum queue length that a burst may fill. */
    static final int BURST = 400;

    /** Minimum length of a standing queue: this many clients with one request each are no overload. */
    static final int STANDING_LEAST = 100;

    private static final Duration STANDING = Duration.ofMillis(100);
    private static final Duration STANDING_WAIT = Duration.ofMillis(250);
    private static final long RATE_WINDOW_NANOS = Duration.ofMillis(200).toNanos();

    private final Limit limit;
    private final Reason whenFull;
    private final int maxPaused;
    private final Runnable onShed;
    private final LongSupplier nanoTime;
    private final Map<String, Client> clients = new ConcurrentHashMap<>();
    private final Map<Reason, LongAdder> shed = new EnumMap<>(Reason.class);
    private int inFlight;
    private int paused;

    /* What isFullFor and arrives read and write without the lock. */
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicInteger arriving = new AtomicInteger();
    private final LongAdder refused = new LongAdder();
    private volatile long queuedSince;
    private volatile double servedPerSecond;
    private volatile double excess = 1;

    private long served;
    private long windowStart;
    private int windowServed;

    /** A client's places and waiting requests. */
    private static final class Client {
        private final String name;
        private final Deque<Waiter> waiters = new ConcurrentLinkedDeque<>();
        private final AtomicInteger queued = new AtomicInteger();
        private int inFlight;
        private int paused;
        private long lastServed;
        private boolean identified;

        Client(String name) {
            this.name = name;
        }

        boolean isIdle() {
            return inFlight == 0 && paused == 0 && waiters.isEmpty();
        }

        int queued() {
            return queued.get();
        }
    }

    private static final class Waiter {
        private final Thread thread = Thread.currentThread();
        private volatile @Nullable Boolean granted;

        void decide(boolean grant) {
            granted = grant;
            LockSupport.unpark(thread);
        }
    }

    /**
     * @param whenFull the reason of a refusal at a full queue
     * @param maxPaused maximum number of paused requests
     * @param onShed called for each request that is refused
     */
    Turns(Limit limit, Reason whenFull, int maxPaused, Runnable onShed, LongSupplier nanoTime) {
        this.limit = limit;
        this.whenFull = whenFull;
        this.maxPaused = maxPaused;
        this.onShed = onShed;
        this.nanoTime = nanoTime;
        this.windowStart = nanoTime.getAsLong();
        for (Reason reason : Reason.values()) {
            shed.put(reason, new LongAdder());
        }
    }

    /**
     * Takes a place, or waits for one.
     *
     * @param client whose places are counted together
     * @param patience maximum wait
     * @param patient whether the client set that time; a queue of that length is then no reason to refuse
     * @param counted whether the queue had room for the request when it arrived
     * @throws Overloaded if there is no place within the patience
     */
    public Turn take(String client, Duration patience, boolean patient, boolean counted) {
        long now = nanoTime.getAsLong();
        long deadline = now + patience.toNanos();
        Waiter waiter;
        synchronized (this) {
            measure(now);
            if (hasPlace()) {
                grant(client(client));
                return new Turn(this, client, now, deadline);
            }
            waiter = enqueue(client, patience, patient, counted, now);
        }
        await(waiter, client, deadline);
        return new Turn(this, client, nanoTime.getAsLong(), deadline);
    }

    /**
     * True if a request of this client would be refused now.
     *
     * <p>Takes no lock, as {@link #arrives}: a lock goes from waiter to waiter, and the next in line may be a virtual thread that waits
     * for a processor. The one thread that polls all connections must not stand behind it.
     */
    boolean isFullFor(String name) {
        if (backlog() < room(STANDING_WAIT, nanoTime.getAsLong())) {
            return false;
        }
        Client client = clients.get(name);
        return mostQueued() <= (client == null ? 1 : client.queued() + 1);
    }

    /** Counts a request that was handed to a thread and has not reached {@link #take}: under load it waits for the processor. */
    void arrives() {
        if (arriving.getAndIncrement() == 0 && waiting.get() == 0) {
            queuedSince = nanoTime.getAsLong();
        }
    }

    void hasArrived() {
        arriving.decrementAndGet();
    }

    private int backlog() {
        return waiting.get() + arriving.get();
    }

    private int room(Duration wait, long now) {
        boolean standing = backlog() > 0 && now - queuedSince > STANDING.toNanos();
        double served = servedPerSecond * wait.toNanos() / 1e9;
        double room = Math.max(standing ? Math.max(STANDING_LEAST, limit.getLimit()) : BURST, served);
        return (int) Math.min(MAX_WAITING, room);
    }

    private Waiter enqueue(String name, Duration patience, boolean patient, boolean counted, long now) {
        Client client = client(name);
        boolean full = !counted && backlog() >= room(patient ? patience : STANDING_WAIT, now);
        if (patience.isZero() || (full && !dropFor(client))) {
            forget(client);
            throw refusal(whenFull);
        }
        if (backlog() == 0) {
            queuedSince = now;
        }
        Waiter waiter = new Waiter();
        client.waiters.addLast(waiter);
        queued(client, 1);
        return waiter;
    }

    private void queued(Client client, int more) {
        waiting.addAndGet(more);
        client.queued.addAndGet(more);
    }

    /** Drops the newest waiter of the client that has most, if that is more than the given client would have. */
    private boolean dropFor(Client client) {
        int most = mostQueued();
        if (most <= client.queued() + 1) {
            return false;
        }
        for (Client other : clients.values()) {
            if (other.queued() == most) {
                queued(other, -1);
                other.waiters.removeLast().decide(false);
                return true;
            }
        }
        return false;
    }

    private int mostQueued() {
        return clients.values().stream().mapToInt(Client::queued).max().orElse(0);
    }

    private void await(Waiter waiter, String name, long deadline) {
        boolean interrupted = false;
        while (waiter.granted == null) {
            long left = deadline - nanoTime.getAsLong();
            if (left <= 0) {
                giveUp(waiter, name);
                break;
            }
            LockSupport.parkNanos(this, left);
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (!Boolean.TRUE.equals(waiter.granted)) {
            throw refusal(waiter.granted == null ? Reason.DEADLINE : whenFull);
        }
    }

    private synchronized void giveUp(Waiter waiter, String name) {
        Client client = clients.get(name);
        if (waiter.granted == null && client != null && client.waiters.remove(waiter)) {
            queued(client, -1);
            forget(client);
        }
    }

    /** Counts a request that is refused. */
    public Overloaded refusal(Reason reason) {
        shedFor(reason).increment();
        refused.increment();
        onShed.run();
        return new Overloaded(reason, excess);
    }

    private void grant(Client client) {
        inFlight++;
        client.inFlight++;
        client.lastServed = ++served;
    }

    /** Gives the place to the next waiter; {@code heldNanos} is the time it was held, negative if the request is only paused. */
    private void release(String name, long startNanos, long heldNanos) {
        int others;
        synchronized (this) {
            others = inFlight;
            free(name);
            if (heldNanos >= 0) {
                windowServed++;
            }
        }
        if (heldNanos >= 0) {
            limit.onSample(startNanos, heldNanos, others, false);
        }
        serveWaiting();
    }

    private void free(String name) {
        inFlight--;
        Client client = client(name);
        client.inFlight--;
        forget(client);
    }

    private synchronized void serveWaiting() {
        while (waiting.get() > 0 && inFlight < limit.getLimit()) {
            Client next = next();
            queued(next, -1);
            grant(next);
            next.waiters.removeFirst().decide(true);
        }
    }

    /**
     * Of the clients that wait, the one with the fewest places; among equals the one served longest ago. Those whose token was checked
     * come first while they have less than their share, since the others' subjects are not known yet.
     */
    private Client next() {
        Client next = null;
        for (Client client : clients.values()) {
            if (!client.waiters.isEmpty() && (next == null || comesBefore(client, next))) {
                next = client;
            }
        }
        if (next == null) {
            throw new IllegalStateException(waiting.get() + " requests wait, of no client");
        }
        return next;
    }

    private boolean comesBefore(Client one, Client other) {
        boolean first = one.identified && one.inFlight < share();
        if (first != (other.identified && other.inFlight < share())) {
            return first;
        }
        return one.inFlight == other.inFlight ? one.lastServed < other.lastServed : one.inFlight < other.inFlight;
    }

    /** Maximum places of a subject while others wait. */
    private int share() {
        return Math.max(1, limit.getLimit() / 2);
    }

    private Client client(String name) {
        return clients.computeIfAbsent(name, Client::new);
    }

    private void forget(Client client) {
        if (client.isIdle()) {
            clients.remove(client.name);
        }
    }

    private void measure(long now) {
        long elapsed = now - windowStart;
        if (elapsed > RATE_WINDOW_NANOS) {
            double rate = windowServed * 1e9 / elapsed;
            servedPerSecond = elapsed > 5 * RATE_WINDOW_NANOS ? rate : (servedPerSecond + rate) / 2;
            double offered = windowServed + refused.sumThenReset();
            excess = windowServed == 0 ? 1 + offered / 10 : offered / windowServed;
            windowStart = now;
            windowServed = 0;
        }
    }

    int limit() {
        return limit.getLimit();
    }

    /** True if a request would get a place at once. */
    public synchronized boolean hasPlace() {
        return waiting.get() == 0 && inFlight < limit.getLimit();
    }

    public synchronized int inFlight() {
        return inFlight;
    }

    public int waiting() {
        return waiting.get();
    }

    public synchronized int paused() {
        return paused;
    }

    private LongAdder shedFor(Reason reason) {
        return Objects.requireNonNull(shed.get(reason));
    }

    long shed(Reason reason) {
        return shedFor(reason).sum();
    }

    /** A request's place. Used by one thread at a time. */
    public static final class Turn implements AutoCloseable {
        private final Turns turns;
        private final long deadline;
        private String client;
        private long since;
        private long heldBefore;
        private boolean held = true;
        private boolean closed;

        private Turn(Turns turns, String client, long since, long deadline) {
            this.turns = turns;
            this.client = client;
            this.since = since;
            this.deadline = deadline;
        }

        /** The remaining time that the request may wait. */
        public Duration patience() {
            return Duration.ofNanos(Math.max(0, deadline - turns.nanoTime.getAsLong()));
        }

        /**
         * Releases the place while the request waits for something else: its client's bytes, or a position of the log.
         *
         * @throws Overloaded if too many requests are paused
         */
        public void pause(Reason whenTooMany) {
            if (!held) {
                return;
            }
            synchronized (turns) {
                Client mine = turns.client(client);
                // Half of them for one client: the rest is for others.
                if (turns.paused >= turns.maxPaused || mine.paused > turns.maxPaused / 2) {
                    throw turns.refusal(whenTooMany);
                }
                turns.paused++;
                mine.paused++;
            }
            held = false;
            heldBefore += turns.nanoTime.getAsLong() - since;
            turns.release(client, since, -1);
        }

        /**
         * Takes a place again, ahead of requests that had none yet.
         *
         * @throws Overloaded if there is none within the default patience
         */
        public void resume() {
            if (held || closed) {
                return;
            }
            Waiter waiter = null;
            synchronized (turns) {
                Client mine = turns.client(client);
                turns.paused--;
                mine.paused--;
                if (turns.inFlight < turns.limit.getLimit()) {
                    turns.grant(mine);
                } else {
                    waiter = new Waiter();
                    if (turns.backlog() == 0) {
                        turns.queuedSince = turns.nanoTime.getAsLong();
                    }
                    turns.queued(mine, 1);
                    mine.waiters.addFirst(waiter);
                }
            }
            if (waiter != null) {
                try {
                    turns.await(waiter, client, turns.nanoTime.getAsLong() + Admission.PATIENCE.toNanos());
                } catch (Overloaded e) {
                    closed = true;
                    throw e;
                }
            }
            held = true;
            since = turns.nanoTime.getAsLong();
        }

        /**
         * Counts the place for the token's subject from now on. A subject with half of the places waits while others do.
         *
         * @throws Overloaded if the turn does not come within the request's patience
         */
        public void identify(String subject) {
            Waiter waiter = null;
            synchronized (turns) {
                turns.inFlight--;
                Client before = turns.client(client);
                before.inFlight--;
                turns.forget(before);
                client = subject;
                Client mine = turns.client(subject);
                mine.identified = true;
                boolean othersWait = turns.waiting.get() > mine.queued();
                if (othersWait && mine.inFlight >= turns.share()) {
                    waiter = new Waiter();
                    turns.queued(mine, 1);
                    mine.waiters.addLast(waiter);
                } else {
                    turns.inFlight++;
                    mine.inFlight++;
                }
            }
            if (waiter != null) {
                held = false;
                turns.serveWaiting();
                try {
                    turns.await(waiter, client, deadline);
                } catch (Overloaded e) {
                    closed = true;
                    throw e;
                }
                held = true;
                since = turns.nanoTime.getAsLong();
            }
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            if (held) {
                turns.release(client, since, heldBefore + turns.nanoTime.getAsLong() - since);
            } else {
                synchronized (turns) {
                    turns.paused--;
                    Client mine = turns.client(client);
                    mine.paused--;
                    turns.forget(mine);
                }
            }
        }
    }
}
