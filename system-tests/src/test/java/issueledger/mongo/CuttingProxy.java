package issueledger.mongo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A proxy that cuts connections in mid-message or delays answers. */
public final class CuttingProxy implements AutoCloseable {
    /** Where a connection is cut: after this many bytes of a message that is at least as long. */
    public enum Cut {
        NOTHING,
        REQUEST,
        ANSWER
    }

    private final ServerSocket listening;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Cut cut = Cut.NOTHING;
    private volatile int after;
    private volatile long delayMilliseconds;

    public CuttingProxy(int target) {
        this.target = target;
        try {
            listening = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().name("proxy").daemon().start(this::accept);
    }

    public int port() {
        return listening.getLocalPort();
    }

    /** Cuts the next connection that has said so many bytes in one message, once. */
    public void cutNext(Cut where, int bytes) {
        after = bytes;
        cut = where;
    }

    public boolean hasCut() {
        return cut == Cut.NOTHING;
    }

    void delayAnswers(long milliseconds) {
        delayMilliseconds = milliseconds;
    }

    /** Ends all connections as they are. */
    void cutAll() {
        open.forEach(CuttingProxy::end);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                open.add(client);
                open.add(server);
                Thread.ofVirtual().start(() -> pump(client, server, Cut.REQUEST));
                Thread.ofVirtual().start(() -> pump(server, client, Cut.ANSWER));
            } catch (IOException e) {
                // The server is away, which the client learns as it would without a proxy; or the proxy is closed.
                sleep(5);
            }
        }
    }

    private void pump(Socket from, Socket to, Cut kind) {
        byte[] chunk = new byte[64 * 1024];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                if (kind == Cut.ANSWER && delayMilliseconds > 0) {
                    sleep(delayMilliseconds);
                }
                if (cut == kind && n > after && isMine(kind)) {
                    out.write(chunk, 0, after);
                    out.flush();
                    return;
                }
                out.write(chunk, 0, n);
                out.flush();
            }
        } catch (IOException e) {
            // Either end is gone; the other is ended too.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private synchronized boolean isMine(Cut kind) {
        boolean mine = cut == kind;
        cut = mine ? Cut.NOTHING : cut;
        return mine;
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void sleep(long milliseconds) {
        try {
            TimeUnit.MILLISECONDS.sleep(milliseconds);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cutAll();
    }
}
