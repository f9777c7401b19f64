package issueledger.admission;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * The connector's protocol. Accepts {@code limit} connections and a reserve of {@link #RESERVE}, on which only health is answered; resets
 * those beyond it at once. A request head must be complete within {@link #HEAD}. Near the limit the connections that have been idle
 * longest are closed.
 *
 * <p>Tomcat creates the instance by class name.
 */
public final class Connections extends Http11NioProtocol {
    static final int RESERVE = 256;

    /** Threads that answer health and metrics. */
    private static final int OPERATORS = 4;

    private static final Duration HEAD = Duration.ofSeconds(20);
    private static final Duration HEAD_UNDER_PRESSURE = Duration.ofSeconds(5);
    private static final Duration IDLE_UNDER_PRESSURE = Duration.ofSeconds(1);
    private static final Duration SWEEP = Duration.ofMillis(500);
    private static final Duration UNREAD = Duration.ofSeconds(10);

    /** Bytes of the read and of the write buffer that each connection holds; half of Tomcat's default, at no measurable cost. */
    private static final int BUFFER = 4 * 1024;

    private static final ThreadLocal<Connection> CURRENT = ThreadLocal.withInitial(() -> Connection.NONE);

    private final Endpoint endpoint;

    public Connections() {
        this(new Endpoint());
    }

    private Connections(Endpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        endpoint.setMaxConnections(-1); // Tomcat's own limit would leave clients hanging in the backlog.
        endpoint.getSocketProperties().setAppReadBufSize(BUFFER);
        endpoint.getSocketProperties().setAppWriteBufSize(BUFFER);
    }

    /** The connection of this thread's request; a no-op if the request did not come through the connector. */
    public static Connection current() {
        return CURRENT.get();
    }

    void limit(int connections, EarlyRefusal refusal) {
        endpoint.limit = connections;
        endpoint.refusal = refusal;
    }

    int open() {
        return endpoint.getConnections().size();
    }

    long resets() {
        return endpoint.resets.get();
    }

    long swept() {
        return endpoint.swept.get();
    }

    private static final class Endpoint extends NioEndpoint {
        private final Set<SocketChannel> reserved = ConcurrentHashMap.newKeySet();
        private final Set<SocketWrapperBase<NioChannel>> busy = ConcurrentHashMap.newKeySet();
        private final Set<SocketWrapperBase<NioChannel>> arriving = ConcurrentHashMap.newKeySet();
        private final Map<SocketWrapperBase<NioChannel>, Long> headSince = new ConcurrentHashMap<>();
        private final AtomicLong resets = new AtomicLong();
        private final AtomicLong swept = new AtomicLong();
        private volatile @Nullable EarlyRefusal refusal;
        private final Executor operators = operators();
        private volatile int limit = Integer.MAX_VALUE - RESERVE;

        /** Platform threads, which do not queue behind the virtual ones. */
        private static Executor operators() {
            ThreadPoolExecutor threads = new ThreadPoolExecutor(
                    OPERATORS,
                    OPERATORS,
                    10,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(RESERVE),
                    runnable -> Thread.ofPlatform().name("operators").daemon().unstarted(runnable));
            threads.allowCoreThreadTimeOut(true);
            return threads;
        }

        @Override
        public void startInternal() throws Exception {
            super.startInternal();
            Thread.ofPlatform().name("connections").daemon().start(this::sweep);
        }

        @Override
        protected boolean setSocketOptions(SocketChannel socket) {
            int open = getConnections().size();
            if (open >= limit + RESERVE) {
                resets.incrementAndGet();
                try {
                    socket.setOption(StandardSocketOptions.SO_LINGER, 0); // The close is a reset.
                    socket.close(); // Tomcat closes only those that it has registered.
                } catch (IOException e) {
                    getLog().debug("the client was faster", e);
                }
                return false;
            }
            if (open >= limit) {
                reserved.add(socket);
            }
            return super.setSocketOptions(socket);
        }

        /** Called by the poller thread for connections with bytes to read. */
        @Override
        public boolean processSocket(SocketWrapperBase<NioChannel> wrapper, SocketEvent event, boolean dispatch) {
            EarlyRefusal early = refusal;
            if (early == null || event != SocketEvent.OPEN_READ || !dispatch || !isBetweenRequests(wrapper)) {
                return super.processSocket(wrapper, event, dispatch);
            }
            try {
                switch (early.look(wrapper)) {
                    case REFUSED -> wrapper.registerReadInterest();
                    case OPERATOR -> operators.execute(createSocketProcessor(wrapper, event));
                    case NOT_PLAIN -> {
                        return super.processSocket(wrapper, event, dispatch);
                    }
                    case ROOM -> {
                        if (arriving.add(wrapper)) {
                            turns().arrives();
                        }
                        return super.processSocket(wrapper, event, dispatch);
                    }
                }
            } catch (IOException | RuntimeException e) {
                getLog().debug("the client went away", e);
                wrapper.close();
            }
            return true;
        }

        private Turns turns() {
            return Objects.requireNonNull(refusal).turns();
        }

        private boolean hasArrived(SocketWrapperBase<NioChannel> wrapper) {
            boolean counted = arriving.remove(wrapper);
            if (counted) {
                turns().hasArrived();
            }
            return counted;
        }

        private boolean isBetweenRequests(SocketWrapperBase<NioChannel> wrapper) {
            return Thread.currentThread().getName().endsWith("-Poller")
                    && wrapper.getCurrentProcessor() == null
                    && !mayBeReserved(wrapper.getSocket().getIOChannel());
        }

        /** False for null, the channel of a connection that was closed meanwhile. */
        private boolean mayBeReserved(@Nullable SocketChannel socket) {
            return socket != null && reserved.contains(socket);
        }

        @Override
        public void setHandler(Handler<NioChannel> handler) {
            super.setHandler(new Attending(handler));
        }

        private boolean isReserved(@Nullable SocketChannel socket) {
            return mayBeReserved(socket) && (getConnections().size() > limit || !reserved.remove(socket));
        }

        private void sweep() {
            while (isRunning()) {
                try {
                    Thread.sleep(SWEEP);
                    closeSlow();
                    if (getConnections().size() > limit * 0.9) {
                        closeIdle();
                    }
                } catch (InterruptedException e) {
                    return;
                } catch (RuntimeException e) {
                    getLog().error("connections could not be looked through", e);
                }
            }
        }

        private void closeSlow() {
            Duration patience = getConnections().size() > limit * 0.9 ? HEAD_UNDER_PRESSURE : HEAD;
            long before = System.nanoTime() - patience.toNanos();
            headSince.forEach((wrapper, since) -> {
                if (since < before && !busy.contains(wrapper)) {
                    close(wrapper);
                }
            });
        }

        private void closeIdle() {
            long before = System.currentTimeMillis() - IDLE_UNDER_PRESSURE.toMillis();
            List<NioSocketWrapper> idle = getConnections().stream()
                    .map(NioSocketWrapper.class::cast)
                    .filter(wrapper -> wrapper.getCurrentProcessor() == null
                            && !busy.contains(wrapper)
                            && wrapper.getLastRead() < before)
                    .sorted(Comparator.comparingLong(NioSocketWrapper::getLastRead))
                    .toList();
            int tooMany = getConnections().size() - (int) (limit * 0.8);
            idle.stream().limit(Math.max(0, tooMany)).forEach(this::close);
        }

        private void close(SocketWrapperBase<NioChannel> wrapper) {
            swept.incrementAndGet();
            wrapper.close();
        }

        /** Wraps Tomcat's handler; tracks busy connections and the start of incomplete heads. */
        private final class Attending implements Handler<NioChannel> {
            private final Handler<NioChannel> handler;

            Attending(Handler<NioChannel> handler) {
                this.handler = handler;
            }

            @Override
            public SocketState process(SocketWrapperBase<NioChannel> wrapper, SocketEvent event) {
                busy.add(wrapper);
                try {
                    wrapper.setWriteTimeout(UNREAD.toMillis());
                    CURRENT.set(new Connection(
                            wrapper, isReserved(wrapper.getSocket().getIOChannel()), () -> hasArrived(wrapper)));
                    SocketState state = handler.process(wrapper, event);
                    note(wrapper, state);
                    return state;
                } finally {
                    CURRENT.remove();
                    hasArrived(wrapper);
                    busy.remove(wrapper);
                }
            }

            private void note(SocketWrapperBase<NioChannel> wrapper, SocketState state) {
                boolean headIsIncomplete = state == SocketState.LONG
                        && wrapper.getCurrentProcessor() instanceof Processor processor
                        && !processor.isAsync();
                if (headIsIncomplete && !wrapper.isClosed()) {
                    headSince.putIfAbsent(wrapper, System.nanoTime());
                } else {
                    headSince.remove(wrapper);
                }
            }

            @Override
            public @Nullable Object getGlobal() {
                return handler.getGlobal();
            }

            @Override
            public void release(SocketWrapperBase<NioChannel> wrapper) {
                headSince.remove(wrapper);
                hasArrived(wrapper);
                reserved.remove(wrapper.getSocket().getIOChannel()); // Tomcat releases before it closes: not null.
                handler.release(wrapper);
            }

            @Override
            public void pause() {
                handler.pause();
            }

            @Override
            public void recycle() {
                handler.recycle();
            }
        }
    }

    /** One client's connection. */
    public static final class Connection {
        private static final Connection NONE = new Connection(null, false, () -> false);

        private final @Nullable SocketWrapperBase<NioChannel> socket;
        private final boolean reserved;

        private final BooleanSupplier arrived;

        private Connection(@Nullable SocketWrapperBase<NioChannel> socket, boolean reserved, BooleanSupplier arrived) {
            this.socket = socket;
            this.reserved = reserved;
            this.arrived = arrived;
        }

        /** To be called when the request reaches {@link Turns#take}. Returns whether the queue had room when the request arrived. */
        boolean hasArrived() {
            return arrived.getAsBoolean();
        }

        /** True if it was accepted beyond the limit. */
        boolean isReserved() {
            return reserved;
        }

        /** True if the client has closed its side. Bytes sent beyond the request are kept. */
        public boolean clientHasLeft() {
            if (socket == null) {
                return false;
            }
            try {
                boolean unused = socket.isReadyForRead();
                return socket.isClosed();
            } catch (IOException e) {
                return true; // The end of the stream, or a reset.
            }
        }

        public void awaitFor(Duration reading, Duration writing) {
            if (socket != null) {
                socket.setReadTimeout(reading.toMillis());
                socket.setWriteTimeout(writing.toMillis());
            }
        }

        /** Restores the connector's time-outs. */
        public void awaitAsUsual(Duration reading) {
            awaitFor(reading, UNREAD);
        }

        /** Closes the connection, so that the client sees an incomplete answer. */
        public void cut() {
            if (socket != null) {
                socket.close();
            }
        }
    }
}
