package issueledger.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests to loopback at a fixed rate, each on a connection of its own where none is idle, and prints one line of figures.
 *
 * <p>Reads one load a line from the standard input: {@code commands|reads|both}, command port, query port, requests a second (0 for
 * a closed loop of 64 clients), seconds, and a prefix for idempotency keys. The keys of acknowledged commands go to the file that is the program's argument. Reads and notes are of
 * the issues {@code load-0} to {@code load-199}, in turn.
 */
public final class OpenLoop {
    static final int ISSUES = 200;

    private static final int CONNECT_MILLIS = 2_000;
    private static final int READ_MILLIS = 12_000;
    private static final int MAX_UNDER_WAY = 12_000;
    private static final int CLIENTS = 64;

    private final int commandPort;
    private final int queryPort;
    private final String keys;
    private final PrintWriter acknowledged;
    private final Outcomes outcomes = new Outcomes();
    private final Deque<Client> idleCommands = new ConcurrentLinkedDeque<>();
    private final Deque<Client> idleReads = new ConcurrentLinkedDeque<>();
    private final AtomicInteger underWay = new AtomicInteger();

    private OpenLoop(int commandPort, int queryPort, String keys, PrintWriter acknowledged) {
        this.commandPort = commandPort;
        this.queryPort = queryPort;
        this.keys = keys;
        this.acknowledged = acknowledged;
    }

    public static void main(String[] arguments) throws IOException {
        BufferedReader loads = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        try (PrintWriter acknowledged = new PrintWriter(Files.newBufferedWriter(Path.of(arguments[0]), UTF_8))) {
            for (String line = loads.readLine(); line != null; line = loads.readLine()) {
                String[] load = line.split(" ");
                OpenLoop loop =
                        new OpenLoop(Integer.parseInt(load[1]), Integer.parseInt(load[2]), load[5], acknowledged);
                loop.run(load[0], Integer.parseInt(load[3]), Double.parseDouble(load[4]));
            }
        }
    }

    private void run(String work, int rate, double seconds) {
        if (rate == 0) {
            closedLoop(work, seconds);
            return;
        }
        long start = System.nanoTime();
        long requests = (long) (rate * seconds);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long i = 0; i < requests; i++) {
                long due = start + (long) (i * 1e9 / rate);
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                long number = i;
                boolean reads = isRead(work, number);
                outcomes.offered.increment();
                if (underWay.get() >= MAX_UNDER_WAY) {
                    outcomes.late.increment(); // The generator's own limit.
                    continue;
                }
                underWay.incrementAndGet();
                var unused = threads.submit(() -> {
                    try {
                        send(reads, number, due);
                    } finally {
                        underWay.decrementAndGet();
                    }
                });
            }
            double sent = (System.nanoTime() - start) / 1e9;
            while (underWay.get() > 0 && System.nanoTime() - start < (seconds + 15) * 1e9) {
                LockSupport.parkNanos(10_000_000);
            }
            finish(sent);
        }
    }

    private void closedLoop(String work, double seconds) {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        AtomicLong next = new AtomicLong();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CLIENTS; i++) {
                var unused = threads.submit(() -> {
                    while (System.nanoTime() < end) {
                        long number = next.getAndIncrement();
                        outcomes.offered.increment();
                        send(isRead(work, number), number, System.nanoTime());
                    }
                });
            }
        }
        finish((System.nanoTime() - start) / 1e9);
    }

    private static boolean isRead(String work, long number) {
        return work.equals("reads") || (work.equals("both") && number % 2 == 1);
    }

    private void finish(double seconds) {
        acknowledged.flush(); // The reader of the figures reads the keys next.
        System.out.println("load " + outcomes.line(seconds));
        System.out.flush();
        idleCommands.forEach(Client::close);
        idleReads.forEach(Client::close);
    }

    private void send(boolean read, long number, long due) {
        long began = System.nanoTime();
        outcomes.lag.add(began - due);
        Deque<Client> idle = read ? idleReads : idleCommands;
        Client client = idle.pollFirst();
        String key = keys + number;
        String request = read ? reading(number) : command(number, key);
        int port = read ? queryPort : commandPort;
        try {
            int status = 0;
            if (client != null) {
                try {
                    status = client.exchange(request);
                } catch (SocketException e) {
                    client.close(); // The server closed it while it was idle: any client sends again on another (RFC
                    // 9112, 9.3.1).
                    client = null;
                }
            }
            if (client == null) {
                client = new Client(port);
                status = client.exchange(request);
            }
            count(status, System.nanoTime() - began, read ? null : key);
            if (client.isOpen()) {
                idle.offerFirst(client);
            }
        } catch (ConnectException e) {
            outcomes.refusedConnections.increment();
        } catch (SocketTimeoutException e) {
            outcomes.late.increment();
            close(client);
        } catch (SocketException e) {
            outcomes.refusedConnections.increment(); // Reset before an answer.
            close(client);
        } catch (IOException | RuntimeException e) {
            outcomes.broken.increment();
            System.err.println("broken: " + e);
            close(client);
        }
    }

    private void count(int status, long nanos, @Nullable String key) {
        if (status == 200 || status == 201) {
            outcomes.accepted.add(nanos);
            if (key != null) {
                synchronized (acknowledged) {
                    acknowledged.println(key);
                }
            }
        } else if (status == 503) {
            outcomes.shed.add(nanos);
        } else {
            outcomes.other.increment();
            System.err.println("status " + status);
        }
    }

    private static void close(@Nullable Client client) {
        if (client != null) {
            client.close();
        }
    }

    private static String reading(long number) {
        String path = number % 8 == 7 ? "/issues?limit=20" : "/issues/load-" + number % ISSUES;
        return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
    }

    private static String command(long number, String key) {
        boolean opening = number % 4 == 0;
        String body = opening
                ? "{\"id\":\"" + key
                        + "\",\"title\":\"POST /api/orders takes 5 s\",\"description\":{\"text\":\"High latency.\"}}"
                : "{\"kind\":\"PROGRESS\",\"text\":\"The latency went down after the index was added.\"}";
        String path = opening ? "/issues" : "/issues/load-" + number % ISSUES + "/record-note";
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: "
                + key + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    /** One connection. */
    private static final class Client {
        private final Socket socket = new Socket();
        private final InputStream in;
        private final byte[] buffer = new byte[4_096];
        private int from;
        private int to;
        private boolean open = true;

        Client(int port) throws IOException {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(READ_MILLIS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            in = socket.getInputStream();
        }

        /** Sends a request, reads the answer to its end, and returns its status. */
        int exchange(String request) throws IOException {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            String line = line();
            int status = Integer.parseInt(line.substring(9, 12));
            int length = 0;
            boolean chunked = false;
            for (line = line(); !line.isEmpty(); line = line()) {
                switch (line.charAt(0)) {
                    case 'C', 'c' -> {
                        if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                            length = Integer.parseInt(line.substring(15).trim());
                        } else if (line.equalsIgnoreCase("connection: close")) {
                            open = false;
                        }
                    }
                    case 'T', 't' -> chunked |= line.equalsIgnoreCase("transfer-encoding: chunked");
                    default -> {}
                }
            }
            if (chunked) {
                for (int chunk = Integer.parseInt(line(), 16); chunk > 0; chunk = Integer.parseInt(line(), 16)) {
                    skip(chunk + 2);
                }
                line();
            } else {
                skip(length);
            }
            if (!open) {
                close();
            }
            return status;
        }

        private String line() throws IOException {
            int at = from;
            while (true) {
                for (; at < to; at++) {
                    if (buffer[at] == '\n') {
                        @SuppressWarnings("deprecation") // Each byte is a character: twice as fast as a decoder.
                        String line = new String(buffer, 0, from, at - 1 - from);
                        from = at + 1;
                        return line;
                    }
                }
                System.arraycopy(buffer, from, buffer, 0, to - from);
                at -= from;
                to -= from;
                from = 0;
                fill();
            }
        }

        private void fill() throws IOException {
            int read = in.read(buffer, to, buffer.length - to);
            if (read < 0) {
                throw new SocketException("closed by the server");
            }
            to += read;
        }

        private void skip(int bytes) throws IOException {
            for (int left = bytes; left > 0; ) {
                if (from == to) {
                    from = 0;
                    to = 0;
                    fill();
                }
                int some = Math.min(left, to - from);
                from += some;
                left -= some;
            }
        }

        boolean isOpen() {
            return open;
        }

        void close() {
            open = false;
            try {
                socket.close();
            } catch (IOException e) {
                open = false;
            }
        }
    }
}
